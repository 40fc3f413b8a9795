-- Book what the postings change: receipts and allocations; what was booked before is taken off.
INSERT INTO ledger_allocated
SELECT source_kind, source_id, contract_id, value_on, 0, NULL, arrives_on, 2, amount_minor
  FROM ledger_queue
 WHERE source_kind = 1;

INSERT INTO ledger_entry
       (contract_id, source_kind, source_id, seq, debit, credit, amount_minor, value_on, booked_at)
SELECT contract_id, source_kind, source_id, nullif(seq, -1),
       CASE WHEN change > 0 THEN debit ELSE credit END,
       CASE WHEN change > 0 THEN credit ELSE debit END,
       abs(change), value_on, %(at)s
  FROM (SELECT contract_id, source_kind, source_id, coalesce(seq, -1) AS seq, debit, credit,
               min(value_on) AS value_on, sum(amount_minor)::bigint AS change
          FROM (SELECT contract_id, source_kind, source_id, seq, debit, credit, value_on,
                       amount_minor
                  FROM ledger_allocated
                UNION ALL
                SELECT contract_id, source_kind, source_id, seq, debit, credit, value_on,
                       -amount_minor
                  FROM ledger_before) parts
         GROUP BY 1, 2, 3, 4, 5, 6
        HAVING sum(amount_minor) <> 0) changes
 ORDER BY contract_id, source_kind, source_id, CASE WHEN credit = 2 THEN 0 ELSE credit END, seq;

UPDATE ledger_account a
   SET principal_open_minor = a.principal_open_minor - x.principal,
       unallocated_minor = a.unallocated_minor + x.unallocated,
       last_payment_on = coalesce(x.last_payment_on, a.last_payment_on),
       last_payment_id = coalesce(x.last_payment_id, a.last_payment_id),
       last_adjustment_on = coalesce(x.last_adjustment_on, a.last_adjustment_on),
       last_adjustment_id = coalesce(x.last_adjustment_id, a.last_adjustment_id)
  FROM (SELECT l.contract_id, coalesce(s.principal, 0) AS principal,
               coalesce(s.unallocated, 0) AS unallocated, l.last_payment_on, l.last_payment_id,
               l.last_adjustment_on, l.last_adjustment_id
          FROM (SELECT contract_id,
                       (array_agg(value_on ORDER BY ordinal DESC)
                           FILTER (WHERE source_kind = 1))[1] AS last_payment_on,
                       (array_agg(source_id ORDER BY ordinal DESC)
                           FILTER (WHERE source_kind = 1))[1] AS last_payment_id,
                       (array_agg(value_on ORDER BY ordinal DESC)
                           FILTER (WHERE source_kind = 2))[1] AS last_adjustment_on,
                       (array_agg(source_id ORDER BY ordinal DESC)
                           FILTER (WHERE source_kind = 2))[1] AS last_adjustment_id
                  FROM ledger_queue
                 GROUP BY contract_id) l
          LEFT JOIN (SELECT contract_id,
                            coalesce(sum(amount_minor) FILTER (WHERE credit = 6), 0)::bigint
                                AS principal,
                            sum(CASE WHEN credit = 2 THEN amount_minor
                                     WHEN debit = 2 THEN -amount_minor ELSE 0 END)::bigint
                                AS unallocated
                       FROM ledger_allocated
                      GROUP BY contract_id) s USING (contract_id)) x
 WHERE a.contract_id = x.contract_id;

-- What was placed of a receipt, or came back by a reversal; the table refuses to place it twice.
UPDATE ledger_receipt r
   SET open_minor = r.open_minor - x.placed
  FROM (SELECT p.receipt_id, sum(c.amount_minor)::bigint AS placed
          FROM (SELECT source_id, amount_minor FROM ledger_allocated
                 WHERE source_kind = 1 AND debit = 9
                UNION ALL
                SELECT source_id, -amount_minor FROM ledger_before
                 WHERE source_kind = 1 AND debit = 9) c
          JOIN ledger_payment p ON p.id = c.source_id
         GROUP BY p.receipt_id
        HAVING sum(c.amount_minor) <> 0) x
 WHERE r.id = x.receipt_id;

UPDATE ledger_reversal v
   SET posted_at = %(at)s
  FROM ledger_locked a
 WHERE v.contract_id = a.contract_id
   AND v.posted_at IS NULL
   AND v.reversed_on <= %(as_of)s::date;

UPDATE ledger_adjustmentreversal v
   SET posted_at = %(at)s
  FROM ledger_locked a
 WHERE v.contract_id = a.contract_id
   AND v.posted_at IS NULL
   AND v.reversed_on <= %(as_of)s::date;

UPDATE ledger_adjustment j
   SET posted_at = %(at)s
  FROM ledger_locked a
 WHERE j.contract_id = a.contract_id
   AND j.posted_at IS NULL
   AND j.value_on <= %(as_of)s::date;

UPDATE ledger_payment p
   SET posted_at = %(at)s
  FROM ledger_locked a
 WHERE p.contract_id = a.contract_id
   AND p.posted_at IS NULL
   AND p.value_on <= %(as_of)s::date;
