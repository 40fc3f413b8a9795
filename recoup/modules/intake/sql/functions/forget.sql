-- Deletes the refused rows of some batches; the batches and their counts stay.
-- Called by an approved deletion only (privacy).
CREATE FUNCTION access_forget_refused_rows(asked bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
DELETE FROM intake_quarantinedrow WHERE batch_id = ANY (asked)
$$;
