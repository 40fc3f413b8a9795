-- Takes the free words out of the timelines of some contracts: what happened, when and by whom stays.
-- Called by an approved deletion only (privacy).
CREATE FUNCTION access_forget_words(asked bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config('recoup.forgetting', 'on', true);
    UPDATE cases_timelineentry SET facts = facts - 'note' - 'reason'
     WHERE contract_id = ANY (asked) AND facts ?| ARRAY['note', 'reason'];
    PERFORM set_config('recoup.forgetting', '', true);
END $$;

-- The timeline stays append-only for everybody else: only its owner, in the function above, takes the
-- words out and changes nothing beside them.
CREATE OR REPLACE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('recoup.forgetting', true) = 'on'
       AND current_user = (SELECT r.rolname FROM pg_catalog.pg_class c
                             JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
                            WHERE c.oid = TG_RELID) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'cases_timelineentry is append-only: write a new entry instead'
        USING ERRCODE = 'restrict_violation';
END $$;
