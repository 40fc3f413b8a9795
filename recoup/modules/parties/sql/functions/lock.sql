-- People carry on their row whether a restriction stands on them.
-- Called when restrictions were placed or lifted (privacy), and by nobody else.
CREATE FUNCTION access_lock_people(asked bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE parties_party p
       SET is_locked = NOT p.is_locked
     WHERE p.id = ANY (asked) AND p.is_locked <> access_is_restricted('PERSON', p.id);
END $$;
