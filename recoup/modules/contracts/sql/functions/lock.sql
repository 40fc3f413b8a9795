-- Contracts carry on their row whether a restriction stands on them or on who borrowed.
-- Called when restrictions were placed or lifted (privacy), and by nobody else.
CREATE FUNCTION access_lock_contracts(asked bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE contracts_contract k
       SET is_locked = NOT k.is_locked
     WHERE k.id = ANY (asked)
       AND k.is_locked <> (access_is_restricted('CONTRACT', k.id)
                           OR access_is_restricted('PERSON', k.borrower_id));
END $$;
