-- Set the accounts that are derived anew back to their opening; remember what was booked on them.
INSERT INTO ledger_before (payment_id, contract_id, value_on, seq, account, amount_minor)
SELECT e.payment_id, e.contract_id, min(e.value_on), e.seq,
       CASE WHEN 1 IN (e.debit, e.credit) THEN 1 ELSE greatest(e.debit, e.credit) END,
       sum(CASE WHEN e.debit = 1 OR e.debit = 2 AND e.credit > 2
                THEN e.amount_minor ELSE -e.amount_minor END)
  FROM ledger_entry e
  JOIN ledger_locked l USING (contract_id)
 WHERE l.rederive
 GROUP BY 1, 2, 4, 5
HAVING sum(CASE WHEN e.debit = 1 OR e.debit = 2 AND e.credit > 2
                THEN e.amount_minor ELSE -e.amount_minor END) <> 0;

UPDATE ledger_due d
   SET cost_paid_minor = d.cost_paid_minor - b.cost,
       penalty_paid_minor = d.penalty_paid_minor - b.penalty,
       interest_paid_minor = d.interest_paid_minor - b.interest,
       principal_paid_minor = d.principal_paid_minor - b.principal,
       minor_days = 0,
       accrued_on = d.due_on,
       settled_on = CASE WHEN d.cost_minor + d.interest_minor + d.principal_minor
                              = d.cost_paid_minor - b.cost + d.interest_paid_minor - b.interest
                                + d.principal_paid_minor - b.principal
                         THEN d.due_on END
  FROM (SELECT contract_id, seq,
               coalesce(sum(amount_minor) FILTER (WHERE account = 3), 0) AS cost,
               coalesce(sum(amount_minor) FILTER (WHERE account = 4), 0) AS penalty,
               coalesce(sum(amount_minor) FILTER (WHERE account = 5), 0) AS interest,
               coalesce(sum(amount_minor) FILTER (WHERE account = 6), 0) AS principal
          FROM ledger_before
         WHERE seq IS NOT NULL
         GROUP BY contract_id, seq) b
 WHERE d.contract_id = b.contract_id
   AND d.seq = b.seq;

UPDATE ledger_account a
   SET principal_open_minor = a.principal_open_minor + b.principal,
       unallocated_minor = a.unallocated_minor - b.unallocated,
       last_payment_on = NULL,
       last_payment_id = NULL
  FROM (SELECT l.contract_id,
               coalesce(sum(amount_minor) FILTER (WHERE account = 6), 0) AS principal,
               coalesce(sum(CASE WHEN account = 1 THEN amount_minor ELSE -amount_minor END), 0)
                   AS unallocated
          FROM ledger_locked l
          LEFT JOIN ledger_before USING (contract_id)
         WHERE l.rederive
         GROUP BY l.contract_id) b
 WHERE a.contract_id = b.contract_id;
