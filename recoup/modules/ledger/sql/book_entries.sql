-- Book what the postings change: receipts and allocations; what was booked before is taken off.
INSERT INTO ledger_allocated
SELECT payment_id, contract_id, value_on, 0, NULL, 1, amount_minor
  FROM ledger_queue;

INSERT INTO ledger_entry
       (contract_id, payment_id, seq, debit, credit, amount_minor, value_on, booked_at)
SELECT contract_id, payment_id, nullif(seq, -1),
       CASE WHEN account = 1 AND change > 0 THEN 1
            WHEN account = 1 OR change > 0 THEN 2 ELSE account END,
       CASE WHEN account = 1 AND change > 0 THEN 2
            WHEN account = 1 THEN 1
            WHEN change > 0 THEN account ELSE 2 END,
       abs(change), value_on, %(at)s
  FROM (SELECT contract_id, payment_id, coalesce(seq, -1) AS seq, account, min(value_on) AS value_on,
               sum(amount_minor)::bigint AS change
          FROM (SELECT contract_id, payment_id, seq, account, value_on, amount_minor
                  FROM ledger_allocated
                UNION ALL
                SELECT contract_id, payment_id, seq, account, value_on, -amount_minor
                  FROM ledger_before) parts
         GROUP BY 1, 2, 3, 4
        HAVING sum(amount_minor) <> 0) changes
 ORDER BY contract_id, payment_id, account;

UPDATE ledger_account a
   SET principal_open_minor = a.principal_open_minor - x.principal,
       unallocated_minor = a.unallocated_minor + x.unallocated,
       last_payment_on = x.last_payment_on,
       last_payment_id = x.last_payment_id
  FROM (SELECT s.contract_id, s.principal, s.unallocated, l.value_on AS last_payment_on,
               l.payment_id AS last_payment_id
          FROM (SELECT contract_id,
                       coalesce(sum(amount_minor) FILTER (WHERE account = 6), 0)::bigint
                           AS principal,
                       sum(CASE WHEN account = 1 THEN amount_minor ELSE -amount_minor END)::bigint
                           AS unallocated
                  FROM ledger_allocated
                 GROUP BY contract_id) s
          JOIN (SELECT DISTINCT ON (contract_id) contract_id, value_on, payment_id
                  FROM ledger_queue
                 ORDER BY contract_id, ordinal DESC) l USING (contract_id)) x
 WHERE a.contract_id = x.contract_id;

UPDATE ledger_reversal v
   SET posted_at = %(at)s
  FROM ledger_locked a
 WHERE v.contract_id = a.contract_id
   AND v.posted_at IS NULL
   AND v.reversed_on <= %(as_of)s::date;

UPDATE ledger_payment p
   SET posted_at = %(at)s
  FROM ledger_locked a
 WHERE p.contract_id = a.contract_id
   AND p.posted_at IS NULL
   AND p.value_on <= %(as_of)s::date;
