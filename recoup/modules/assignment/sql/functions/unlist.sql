-- Today's worklists lose what may no longer be worked.
-- Called when restrictions were placed or lifted (privacy), and by nobody else.
CREATE FUNCTION access_unlist_locked(asked bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM assignment_worklistitem i
     USING cases_case c
     WHERE i.as_of = (SELECT max(as_of) FROM assignment_worklistitem)
       AND i.case_id = c.id AND i.done_at IS NULL
       AND c.contract_id = ANY (asked) AND c.is_locked;
END $$;
