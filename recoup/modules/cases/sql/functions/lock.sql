-- Cases are locked as their contracts are.
-- Called when restrictions were placed or lifted (privacy), and by nobody else.
CREATE FUNCTION access_lock_cases(asked bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_case c
       SET is_locked = k.is_locked
      FROM contracts_contract k
     WHERE k.id = c.contract_id AND c.contract_id = ANY (asked) AND c.is_locked <> k.is_locked;
END $$;
