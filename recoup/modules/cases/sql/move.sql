-- Move live cases to the bucket of the day, forward or back (迁徙), and say so on the timeline.
WITH moved AS (
    UPDATE cases_case c
       SET bucket = s.bucket
      FROM cases_case o
      JOIN arrears_snapshot s ON s.as_of = %(as_of)s::date AND s.contract_id = o.contract_id
     WHERE o.id = c.id
       AND c.closed_on IS NULL
       AND o.closed_on IS NULL
       AND NOT o.is_locked
       AND (%(contract_id)s::bigint IS NULL OR c.contract_id = %(contract_id)s::bigint)
       AND o.bucket <> s.bucket
    RETURNING c.id, c.contract_id, o.bucket AS from_bucket, c.bucket AS to_bucket, s.dpd_raw)
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
SELECT contract_id, id, %(at)s, %(as_of)s::date, %(actor_id)s, 'BUCKET_MOVED',
       jsonb_build_object('from_bucket', from_bucket, 'to_bucket', to_bucket, 'dpd', dpd_raw)
  FROM moved;
