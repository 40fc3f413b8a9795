-- What rows were before they changed: who was born when, and forgetting what must be forgotten.

-- Numbers the statements that kept something, so that their rows and their event find each other.
CREATE SEQUENCE audit_change;

-- When rows of a table first came on file, of those that did since a moment. A line without id says
-- that rows came whose ids are not on record: too many stretches of them in one statement.
CREATE FUNCTION audit_born_since(asked text, ids bigint[], since timestamptz)
RETURNS TABLE (id bigint, at timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(nullif(current_setting('role'), 'none'), session_user::text) = 'recoup_web'
       AND NOT access_may('SEE_AUDIT', 'INSPECT') THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH inserted AS MATERIALIZED (
        SELECT e.at, e.subject_id, e.facts -> 'images' AS images, e.facts -> 'ids' AS ranges
          FROM audit_event e
         WHERE e.subject = asked AND e.at >= since AND e.act = 'CHANGED'
           AND (e.subject_id = ANY (ids) OR e.subject_id IS NULL)
           AND e.facts ->> 'op' = 'INSERT'
    )
    SELECT i.id, min(n.at)
      FROM inserted n
     CROSS JOIN LATERAL (
           SELECT n.subject_id AS id WHERE n.subject_id IS NOT NULL
            UNION ALL
           SELECT (image ->> 'id')::bigint FROM jsonb_array_elements(n.images) AS image
            WHERE n.subject_id IS NULL AND (image ->> 'id')::bigint = ANY (ids)
            UNION ALL
           SELECT one FROM jsonb_array_elements(n.ranges) AS stretch, unnest(ids) AS one
            WHERE one BETWEEN (stretch ->> 0)::bigint AND (stretch ->> 1)::bigint) AS i(id)
     GROUP BY i.id
     UNION ALL
    SELECT NULL, n.at FROM inserted n
     WHERE n.subject_id IS NULL AND n.images IS NULL AND n.ranges IS NULL;
END $$;

-- Forgets values of former rows: what they were goes, that they were and their hash stay, and the
-- forgetting is an event with the sum of the hashes it was done to.
CREATE FUNCTION audit_forget(asked text, owners bigint[], blank jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    forgotten jsonb;
BEGIN
    WITH gone AS (
        UPDATE audit_former f SET row = (f.row - 'salt') || blank, is_forgotten = true
         WHERE f.subject = asked AND f.owner_id = ANY (owners) AND NOT f.is_forgotten
        RETURNING encode(f.hash, 'hex') AS h
    )
    SELECT jsonb_build_object('op', 'FORGET', 'table', asked, 'changed', count(*), 'sums', jsonb_build_array(
               coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint), 0),
               coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint), 0),
               coalesce(sum(('x' || substr(h, 33, 16))::bit(64)::bigint), 0),
               coalesce(sum(('x' || substr(h, 49, 16))::bit(64)::bigint), 0)))
      INTO forgotten FROM gone;
    IF (forgotten ->> 'changed')::bigint > 0 THEN
        PERFORM audit_append('CHANGED', 'audit_former', NULL, NULL, NULL, forgotten, NULL, '');
    END IF;
END $$;

REVOKE ALL ON audit_former FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_forget(text, bigint[], jsonb) FROM PUBLIC;
