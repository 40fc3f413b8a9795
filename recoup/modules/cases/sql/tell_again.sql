-- Write onto the timeline which verdicts on promises changed because the past did (plans_judged_again).
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
SELECT contract_id, case_id, %(at)s, %(as_of)s::date, %(actor_id)s,
       CASE now_is WHEN 'KEPT' THEN 'PROMISE_KEPT'
                   WHEN 'PARTLY_KEPT' THEN 'PROMISE_PARTLY_KEPT'
                   ELSE 'PROMISE_BROKEN' END,
       jsonb_build_object('amount_minor', amount_minor, 'paid_minor', paid_minor,
                          'due_on', due_on, 'was', was, 'promise_id', id)
  FROM plans_judged_again
 WHERE now_is IN ('KEPT', 'PARTLY_KEPT', 'BROKEN');
