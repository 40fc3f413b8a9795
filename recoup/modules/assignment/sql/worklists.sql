-- Write each collector's worklist for the day, in the order of priority.
-- Not on it: held cases, and cases whose next step is still to come. Safe to run twice.
DELETE FROM assignment_worklistitem WHERE as_of = %(as_of)s::date;

INSERT INTO assignment_worklistitem
       (as_of, collector_id, rank, case_id, contract_id, priority, reasons)
SELECT d.as_of, c.collector_id,
       row_number() OVER (PARTITION BY c.collector_id ORDER BY d.priority DESC, c.id),
       c.id, c.contract_id, d.priority, d.reasons
  FROM strategy_decision d
  JOIN cases_case c ON c.id = d.case_id
 WHERE d.as_of = %(as_of)s::date
   AND c.closed_on IS NULL
   AND c.state = 'OPEN'
   AND c.collector_id IS NOT NULL
   AND (c.next_step_on IS NULL
        OR c.next_step_on <= d.as_of
        OR d.reasons && ARRAY['PROMISE_BROKEN', 'PROMISE_DUE']::varchar[]);
