-- Close cases whose arrears are paid (出催): nothing late beyond grace, no penalty or cost left over.
WITH cured AS (
    UPDATE cases_case c
       SET state = 'CURED', closed_on = %(as_of)s::date
     WHERE c.closed_on IS NULL
       AND (%(contract_id)s::bigint IS NULL OR c.contract_id = %(contract_id)s::bigint)
       AND NOT EXISTS (
           SELECT 1
             FROM arrears_snapshot s
            WHERE s.as_of = %(as_of)s::date
              AND s.contract_id = c.contract_id
              AND (s.bucket > 0 OR s.oldest_due_on IS NULL))
    RETURNING c.id, c.contract_id, c.bucket, c.opened_on)
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
SELECT contract_id, id, %(at)s, %(as_of)s::date, %(actor_id)s, 'CASE_CURED',
       jsonb_build_object('from_bucket', bucket, 'days_in_collections',
                          %(as_of)s::date - opened_on)
  FROM cured;
