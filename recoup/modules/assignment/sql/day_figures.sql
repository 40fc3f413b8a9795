-- A collector's day so far: calls, right-party contacts, promises taken, money in on their cases.
SELECT 'calls' AS kind, '' AS currency, count(*) AS number, 0::numeric AS minor
  FROM comms_call
 WHERE actor_id = %(collector_id)s AND business_on = %(as_of)s
UNION ALL
SELECT 'right_party', '', count(*), 0
  FROM comms_call
 WHERE actor_id = %(collector_id)s AND business_on = %(as_of)s AND right_party
UNION ALL
SELECT 'promised', currency, count(*), sum(amount_minor)
  FROM plans_promise
 WHERE taken_by = %(collector_id)s AND taken_on = %(as_of)s AND state <> 'REPLACED'
 GROUP BY currency
UNION ALL
SELECT 'collected', p.currency, count(*), sum(p.amount_minor)
  FROM assignment_worklistitem i
  JOIN LATERAL (SELECT y.currency, y.amount_minor
                  FROM ledger_payment y
                 WHERE y.contract_id = i.contract_id
                   AND y.value_on >= %(as_of)s
                   AND NOT EXISTS (SELECT FROM ledger_reversal r WHERE r.payment_id = y.id)
               ) p ON true
 WHERE i.as_of = %(as_of)s AND i.collector_id = %(collector_id)s
 GROUP BY p.currency;
