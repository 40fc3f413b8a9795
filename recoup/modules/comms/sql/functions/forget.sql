-- Empties the notes of the calls of some contracts; the calls and their results stay.
-- Called by an approved deletion only (privacy).
CREATE FUNCTION access_forget_call_notes(asked bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
UPDATE comms_call SET note = '' WHERE contract_id = ANY (asked) AND note <> ''
$$;
