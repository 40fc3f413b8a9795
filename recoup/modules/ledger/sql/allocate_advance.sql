-- Money left of a payment goes to the next dues not yet due, eight at a time (run until none).
INSERT INTO ledger_allocated
SELECT payment_id, contract_id, value_on, %(ordinal)s, seq, account,
       least(open_minor, left_minor - (running - open_minor))
  FROM (SELECT q.payment_id, q.contract_id, q.value_on, q.left_minor, d.seq, c.account,
               c.open_minor,
               sum(c.open_minor) OVER (PARTITION BY q.payment_id ORDER BY d.seq, c.account)::bigint
                   AS running
          FROM (SELECT q.payment_id, q.contract_id, q.value_on,
                       q.amount_minor - coalesce(sum(a.amount_minor), 0) AS left_minor,
                       coalesce(max(a.seq), 0) AS last_seq
                  FROM ledger_queue q
                  LEFT JOIN ledger_allocated a
                    ON a.payment_id = q.payment_id AND a.ordinal = %(ordinal)s
                 WHERE q.ordinal = %(ordinal)s
                 GROUP BY q.payment_id, q.contract_id, q.value_on, q.amount_minor
                HAVING q.amount_minor > coalesce(sum(a.amount_minor), 0)) q
         CROSS JOIN LATERAL (
               SELECT seq,
                      cost_minor - cost_paid_minor AS cost,
                      interest_minor - interest_paid_minor AS interest,
                      principal_minor - principal_paid_minor AS principal
                 FROM ledger_due
                WHERE contract_id = q.contract_id
                  AND settled_on IS NULL
                  AND due_on > q.value_on
                  AND seq > q.last_seq
                ORDER BY seq
                LIMIT 8) d
         CROSS JOIN LATERAL (
               VALUES (3, d.cost), (5, d.interest), (6, d.principal)) c (account, open_minor)
         WHERE c.open_minor > 0) items
 WHERE running - open_minor < left_minor;
