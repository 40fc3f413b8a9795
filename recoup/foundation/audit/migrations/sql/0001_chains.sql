-- Chains of events: written by audit_append alone, changed by nobody.

-- Several chains, so that writers do not wait for each other until all are taken.
INSERT INTO audit_head (chain, number, hash)
SELECT chain, 0, sha256(convert_to('recoup audit chain ' || chain, 'UTF8'))
  FROM generate_series(0, 15) AS chain;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_anchor_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Appends one event to a chain nobody else is writing to. The chain stays locked until commit, so
-- numbers have no gaps; whoever holds a chain finds it again, so nobody waits for each other.
CREATE FUNCTION audit_append(
    act text, subject text, subject_id bigint, lender_id bigint, contract_ids bigint[],
    facts jsonb, given_actor bigint, given_system text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head audit_head;
    written timestamptz := clock_timestamp();
    actor bigint := coalesce(nullif(current_setting('recoup.user_id', true), '')::bigint, given_actor);
    -- A person acts, or else a system does: never both.
    job text := CASE WHEN actor IS NULL
                     THEN left(coalesce(nullif(given_system, ''), current_setting('recoup.system', true), ''), 64)
                     ELSE '' END;
    role_name text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
    next_hash bytea;
    is_mine boolean;
BEGIN
    FOR i IN 0..15 LOOP
        head.chain := (pg_backend_pid() + i) % 16;
        is_mine := pg_try_advisory_xact_lock(24260, head.chain);
        EXIT WHEN is_mine;
    END LOOP;
    IF NOT is_mine THEN
        PERFORM pg_advisory_xact_lock(24260, head.chain);
    END IF;
    SELECT h.number, h.hash INTO STRICT head.number, head.hash
      FROM audit_head h WHERE h.chain = head.chain;
    head.number := head.number + 1;
    next_hash := sha256(head.hash || convert_to(concat_ws(E'\n',
        head.chain, head.number, (extract(epoch FROM written) * 1000000)::bigint,
        coalesce(actor::text, ''), job, role_name, act, subject, coalesce(subject_id::text, ''),
        coalesce(lender_id::text, ''), coalesce(array_to_string(contract_ids, ','), ''),
        facts::text), 'UTF8'));
    INSERT INTO audit_event (chain, number, at, actor_id, system, db_role, act, subject, subject_id,
                             lender_id, contract_ids, facts, previous, hash)
    VALUES (head.chain, head.number, written, actor, job, role_name, act, subject, subject_id,
            lender_id, contract_ids, facts, head.hash, next_hash);
    UPDATE audit_head h SET number = head.number, hash = next_hash WHERE h.chain = head.chain;
END $$;

-- The lender of these contracts, null if there are several. One is asked for in its own way, because
-- a question about a list is planned anew each time.
CREATE FUNCTION audit_lender_of(contract_ids bigint[]) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF cardinality(contract_ids) = 1 THEN
        RETURN (SELECT c.lender_id FROM contracts_contract c WHERE c.id = contract_ids[1]);
    END IF;
    RETURN (SELECT CASE WHEN min(c.lender_id) = max(c.lender_id) THEN min(c.lender_id) END
              FROM contracts_contract c WHERE c.id = ANY (contract_ids));
END $$;

-- What applications may call: any act but those the database writes by itself.
CREATE FUNCTION audit_record(
    act text, subject text, subject_id bigint, lender_id bigint, contract_ids bigint[],
    facts jsonb, given_actor bigint, given_system text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF act IN ('CHANGED', 'WATCHED', 'UNWATCHED') THEN
        RAISE EXCEPTION '% is written by the database alone', act
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- An event about one lender's contracts is that lender's.
    IF lender_id IS NULL AND contract_ids IS NOT NULL THEN
        lender_id := audit_lender_of(contract_ids);
    END IF;
    PERFORM audit_append(act, subject, subject_id, lender_id, contract_ids, facts,
                         given_actor, given_system);
END $$;

-- What is on record about one contract, for those who may read the record and see the contract. The
-- array's index is out of reach under row level security, so the question is asked for them.
CREATE FUNCTION audit_of_contract(asked bigint, most integer) RETURNS SETOF audit_event
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(nullif(current_setting('role'), 'none'), session_user::text) = 'recoup_web'
       AND NOT (access_may('SEE_AUDIT', 'INSPECT')
                AND (access_everywhere() OR access_sees_contract(asked))) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT e.* FROM audit_event e WHERE e.contract_ids @> ARRAY[asked]
                  ORDER BY e.at DESC LIMIT most;
END $$;

REVOKE ALL ON audit_event, audit_head, audit_anchor FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_lender_of(bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_append(text, text, bigint, bigint, bigint[], jsonb, bigint, text) FROM PUBLIC;
