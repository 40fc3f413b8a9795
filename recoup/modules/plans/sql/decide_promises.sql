-- Decide open promises from the money: kept as soon as it is in, else judged the day after.
-- Money counts if it is valued after the promise was taken, up to the promised day.
UPDATE plans_promise p
   SET state = CASE WHEN m.paid_minor >= p.amount_minor THEN 'KEPT'
                    WHEN m.paid_minor > 0 THEN 'PARTLY_KEPT'
                    ELSE 'BROKEN' END,
       paid_minor = m.paid_minor,
       decided_on = %(as_of)s::date
  FROM (SELECT o.id, coalesce(sum(y.amount_minor), 0)::bigint AS paid_minor
          FROM plans_promise o
          LEFT JOIN LATERAL (
               SELECT y.amount_minor
                 FROM ledger_payment y
                WHERE y.contract_id = o.contract_id
                  AND y.value_on BETWEEN o.taken_on AND least(o.due_on, %(as_of)s::date)
                  AND (y.value_on > o.taken_on OR y.received_at >= o.taken_at)
                  AND NOT EXISTS (SELECT 1 FROM ledger_reversal v WHERE v.payment_id = y.id)) y
            ON true
         WHERE o.state = 'OPEN'
         GROUP BY o.id) m
 WHERE p.id = m.id
   AND (m.paid_minor >= p.amount_minor OR p.due_on < %(as_of)s::date);
