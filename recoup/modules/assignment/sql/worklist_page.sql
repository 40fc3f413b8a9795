-- One page of a collector's worklist, with what it takes to choose a case. The inner part finds the
-- page on narrow rows; only its rows are joined to what the screen shows.
-- Constant conditions (`only`, `sort`) fold away when the statement is planned.
SELECT page.place, page.rank, page.case_id, page.contract_id, page.reasons, page.taken_at,
       page.done_at, k.number, k.currency, k.borrower_id AS party_id, p.name_masked, p.is_synthetic,
       coalesce(v.plate_masked, '') AS plate_masked, coalesce(s.bucket, 0) AS bucket,
       coalesce(s.dpd_raw, 0) AS dpd,
       coalesce(s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor, 0)
           AS overdue_minor,
       coalesce(s.exposure_minor, 0) AS exposure_minor,
       c.state AS case_state, c.last_result, c.last_worked_at, c.next_step, c.next_step_on,
       m.state AS promise_state, m.amount_minor AS promise_minor, m.due_on AS promise_due_on
  FROM (SELECT w.*, row_number() OVER () AS place
          FROM (SELECT i.rank, i.case_id, i.contract_id, i.reasons, i.taken_at, i.done_at
                  FROM assignment_worklistitem i
                  LEFT JOIN arrears_snapshot s
                    ON s.as_of = i.as_of AND s.contract_id = i.contract_id
                 WHERE i.as_of = %(as_of)s
                   AND i.collector_id = %(collector_id)s
                   AND (%(only)s = 'all'
                        OR (%(only)s = 'waiting' AND i.done_at IS NULL)
                        OR (%(only)s = 'due' AND 'PROMISE_DUE' = ANY(i.reasons))
                        OR (%(only)s = 'broken' AND 'PROMISE_BROKEN' = ANY(i.reasons))
                        OR (%(only)s = 'bucket' AND s.bucket = %(bucket)s))
                 ORDER BY CASE %(sort)s WHEN 'dpd' THEN s.dpd_raw
                                        WHEN 'overdue' THEN s.principal_minor + s.interest_minor
                                                          + s.cost_minor + s.penalty_minor
                                        WHEN 'exposure' THEN s.exposure_minor END DESC NULLS LAST,
                          i.rank
                 LIMIT %(limit)s OFFSET %(offset)s) w) page
  JOIN cases_case c ON c.id = page.case_id
  JOIN contracts_contract k ON k.id = page.contract_id
  JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN vehicles_vehicle v ON v.contract_id = page.contract_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s AND s.contract_id = page.contract_id
  LEFT JOIN LATERAL (SELECT m.state, m.amount_minor, m.due_on
                       FROM plans_promise m
                      WHERE m.contract_id = page.contract_id
                      ORDER BY m.id DESC
                      LIMIT 1) m ON true
 ORDER BY page.place;
