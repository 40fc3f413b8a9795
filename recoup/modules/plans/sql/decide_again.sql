-- Judge again what was decided of promises whose money changed in the past (ledger_past): a broken one
-- that was paid in time is kept, one kept by money that bounced is not. The day of the first verdict
-- stays; what changed is left in plans_judged_again for the timeline.
CREATE TEMP TABLE IF NOT EXISTS plans_judged_again (
    id bigint, contract_id bigint, case_id bigint, was varchar, now_is varchar, amount_minor bigint,
    paid_minor bigint, due_on date
) ON COMMIT DELETE ROWS;

DELETE FROM plans_judged_again;

INSERT INTO plans_judged_again
SELECT id, contract_id, case_id, was,
       CASE WHEN paid_minor >= amount_minor THEN 'KEPT'
            WHEN due_on >= %(as_of)s::date THEN CASE WHEN has_newer THEN 'REPLACED' ELSE 'OPEN' END
            WHEN paid_minor > 0 THEN 'PARTLY_KEPT'
            ELSE 'BROKEN' END,
       amount_minor, paid_minor, due_on
  FROM (SELECT o.id, o.contract_id, o.case_id, o.state AS was, o.amount_minor, o.due_on,
               coalesce(sum(y.amount_minor), 0)::bigint AS paid_minor,
               EXISTS (SELECT FROM plans_promise n
                        WHERE n.contract_id = o.contract_id AND n.id > o.id) AS has_newer
          FROM ledger_past c
          JOIN plans_promise o ON o.contract_id = c.contract_id
                              AND o.due_on >= c.money_since
                              AND o.state IN ('KEPT', 'PARTLY_KEPT', 'BROKEN')
          LEFT JOIN LATERAL (
               SELECT y.amount_minor
                 FROM ledger_payment y
                WHERE y.contract_id = o.contract_id
                  AND y.value_on BETWEEN o.taken_on AND least(o.due_on, %(as_of)s::date)
                  AND (y.value_on > o.taken_on OR y.received_at >= o.taken_at)
                  AND NOT EXISTS (SELECT 1 FROM ledger_reversal v WHERE v.payment_id = y.id)) y
            ON true
         GROUP BY o.id, o.contract_id, o.case_id, o.state, o.amount_minor, o.due_on) m;

DELETE FROM plans_judged_again WHERE was = now_is;

UPDATE plans_promise p
   SET state = j.now_is,
       paid_minor = j.paid_minor,
       decided_on = CASE WHEN j.now_is <> 'OPEN' THEN p.decided_on END
  FROM plans_judged_again j
 WHERE p.id = j.id;
