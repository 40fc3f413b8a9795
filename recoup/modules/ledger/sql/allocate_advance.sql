-- What is left goes to the next dues not yet due, eight at a time (run until none).
INSERT INTO ledger_allocated
SELECT source_kind, source_id, contract_id, value_on, %(ordinal)s, seq, settles_from, account,
       least(open_minor, left_minor - (running - open_minor))
  FROM (SELECT q.source_kind, q.source_id, q.contract_id, q.value_on, q.settles_from,
               q.left_minor, d.seq, c.account, c.open_minor,
               sum(c.open_minor) OVER (PARTITION BY q.contract_id ORDER BY d.seq, c.account)::bigint
                   AS running
          FROM (SELECT q.source_kind, q.source_id, q.contract_id, q.value_on, q.settles_from,
                       q.only_seq, q.only_account,
                       q.amount_minor - coalesce(sum(a.amount_minor), 0) AS left_minor,
                       coalesce(max(a.seq), 0) AS last_seq
                  FROM ledger_queue q
                  LEFT JOIN ledger_allocated a
                    ON a.contract_id = q.contract_id AND a.ordinal = %(ordinal)s
                 WHERE q.ordinal = %(ordinal)s
                   AND q.settles_from IS NOT NULL
                   AND NOT q.by_core
                 GROUP BY q.source_kind, q.source_id, q.contract_id, q.value_on, q.settles_from,
                          q.only_seq, q.only_account, q.amount_minor
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
                  AND seq = coalesce(q.only_seq, seq)
                  AND CASE q.only_account
                          WHEN 3 THEN cost_minor > cost_paid_minor
                          WHEN 4 THEN false
                          WHEN 5 THEN interest_minor > interest_paid_minor
                          WHEN 6 THEN principal_minor > principal_paid_minor
                          ELSE true END
                ORDER BY seq
                LIMIT 8) d
         CROSS JOIN LATERAL (
               VALUES (3, d.cost), (5, d.interest), (6, d.principal)) c (account, open_minor)
         WHERE c.open_minor > 0
           AND c.account = coalesce(q.only_account, c.account)) items
 WHERE running - open_minor < left_minor;
