-- Open a case for every contract that is late beyond its grace and has none (入催); not for one that is
-- restricted.
WITH opened AS (
    INSERT INTO cases_case (contract_id, lender_id, opened_on, bucket)
    SELECT s.contract_id, s.lender_id, s.as_of, s.bucket
      FROM arrears_snapshot s
     WHERE s.as_of = %(as_of)s::date
       AND s.bucket > 0
       AND (%(contract_id)s::bigint IS NULL OR s.contract_id = %(contract_id)s::bigint)
       AND NOT EXISTS (SELECT 1
                         FROM cases_case c
                        WHERE c.contract_id = s.contract_id AND c.closed_on IS NULL)
       AND NOT EXISTS (SELECT 1
                         FROM contracts_contract k
                        WHERE k.id = s.contract_id AND k.is_locked)
     ORDER BY s.contract_id
    RETURNING id, contract_id, bucket)
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
SELECT o.contract_id, o.id, %(at)s, %(as_of)s::date, %(actor_id)s, 'CASE_OPENED',
       jsonb_build_object(
           'bucket', o.bucket, 'dpd', s.dpd_raw,
           'overdue_minor', s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor)
  FROM opened o
  JOIN arrears_snapshot s ON s.as_of = %(as_of)s::date AND s.contract_id = o.contract_id;
