-- What is restricted carries it on its own row, so that every statement that reads the row can leave it
-- out at no cost: the person; the contracts they borrowed, or the one restricted; their cases.

-- Whether something stands on a subject.
CREATE FUNCTION access_is_restricted(a_scope text, a_subject bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT EXISTS (SELECT FROM privacy_restriction r
                WHERE r.scope = a_scope AND r.subject_id = a_subject AND r.lifted_at IS NULL)
$$;

-- After restrictions were placed or lifted: the rows follow, each module's by its own function, and
-- today's lists lose what is not worked.
CREATE FUNCTION access_follow_restrictions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    touched bigint[];
BEGIN
    touched := ARRAY(SELECT subject_id FROM changed WHERE scope = 'CONTRACT'
                      UNION
                     SELECT k.id FROM contracts_contract k
                       JOIN changed r ON r.scope = 'PERSON' AND r.subject_id = k.borrower_id);
    PERFORM access_lock_people(ARRAY(SELECT subject_id FROM changed WHERE scope = 'PERSON'));
    PERFORM access_lock_contracts(touched);
    PERFORM access_lock_cases(touched);
    PERFORM access_unlist_locked(touched);
    RETURN NULL;
END $$;
CREATE TRIGGER access_restrictions_are_followed
    AFTER INSERT ON privacy_restriction REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION access_follow_restrictions();
CREATE TRIGGER access_liftings_are_followed
    AFTER UPDATE ON privacy_restriction REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION access_follow_restrictions();

-- The lock follows the register, whatever a process writes.
CREATE FUNCTION access_guard_lock() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.is_locked IS DISTINCT FROM OLD.is_locked
       AND current_user IN ('recoup_web', 'recoup_worker') THEN
        RAISE EXCEPTION 'only the register of restrictions locks and unlocks'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_lock_is_guarded BEFORE UPDATE OF is_locked ON parties_party
    FOR EACH ROW EXECUTE FUNCTION access_guard_lock();
CREATE TRIGGER access_lock_is_guarded BEFORE UPDATE OF is_locked ON contracts_contract
    FOR EACH ROW EXECUTE FUNCTION access_guard_lock();
CREATE TRIGGER access_lock_is_guarded BEFORE UPDATE OF is_locked ON cases_case
    FOR EACH ROW EXECUTE FUNCTION access_guard_lock();
