-- Write onto the timeline which promises the night found kept, partly kept or broken.
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, kind, facts)
SELECT p.contract_id, p.case_id, %(at)s, %(as_of)s::date,
       CASE p.state WHEN 'KEPT' THEN 'PROMISE_KEPT'
                    WHEN 'PARTLY_KEPT' THEN 'PROMISE_PARTLY_KEPT'
                    ELSE 'PROMISE_BROKEN' END,
       jsonb_build_object('amount_minor', p.amount_minor, 'paid_minor', p.paid_minor,
                          'due_on', p.due_on)
  FROM plans_promise p
 WHERE p.decided_on = %(as_of)s::date
   AND p.state IN ('KEPT', 'PARTLY_KEPT', 'BROKEN');
