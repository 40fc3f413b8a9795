-- The evening before: a live case per contract in arrears, its decision, worklist and timeline.
INSERT INTO cases_case
       (contract_id, lender_id, state, opened_on, bucket, segment, treatment, collector_id,
        assigned_on)
SELECT s.contract_id, s.lender_id, 'OPEN', s.oldest_due_on + 1, s.bucket,
       coalesce(r.segment, ''), coalesce(r.treatment, ''),
       1 + (row_number() OVER (ORDER BY s.contract_id) - 1) %% %(collectors)s, s.oldest_due_on + 1
  FROM arrears_snapshot s
  LEFT JOIN LATERAL (
       SELECT r.segment, r.treatment
         FROM strategy_rule r
         JOIN strategy_version v ON v.id = r.version_id AND v.is_live
        WHERE s.dpd_raw BETWEEN r.dpd_from AND r.dpd_to
          AND s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor
              >= r.overdue_from_minor
          AND r.broken_promises_from = 0
        ORDER BY r.position
        LIMIT 1) r ON true
 WHERE s.bucket > 0
 ORDER BY s.contract_id;

ANALYZE cases_case;

INSERT INTO strategy_decision
       (as_of, case_id, version_id, rule_position, segment, treatment, priority, reasons)
SELECT %(yesterday)s::date, c.id, v.id, 1, c.segment, c.treatment, c.bucket * 100,
       ARRAY['DAYS_LATE']
  FROM cases_case c
  JOIN strategy_version v ON v.is_live
 ORDER BY c.id;

INSERT INTO assignment_worklistitem
       (as_of, collector_id, rank, case_id, contract_id, priority, reasons)
SELECT %(yesterday)s::date, c.collector_id,
       row_number() OVER (PARTITION BY c.collector_id ORDER BY c.bucket DESC, c.id),
       c.id, c.contract_id, c.bucket * 100, ARRAY['DAYS_LATE']
  FROM cases_case c;

INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, kind, facts)
SELECT c.contract_id, c.id, c.opened_on::timestamptz, c.opened_on, 'CASE_OPENED',
       jsonb_build_object('bucket', 1, 'dpd', 1,
                          'overdue_minor', s.principal_minor / s.unpaid_dues)
  FROM cases_case c
  JOIN arrears_snapshot s ON s.contract_id = c.contract_id AND s.as_of = %(yesterday)s::date
 ORDER BY c.opened_on, c.id;
