-- Set the accounts that are derived anew back to their opening; remember what was booked on them.
-- An entry is remembered the way it was first booked: a correction is the same the other way round.
INSERT INTO ledger_before
SELECT source_kind, source_id, contract_id, min(value_on), seq, debit, credit,
       sum(amount_minor)::bigint
  FROM (SELECT e.source_kind, e.source_id, e.contract_id, e.value_on, e.seq,
               CASE WHEN w.is_correction THEN e.credit ELSE e.debit END AS debit,
               CASE WHEN w.is_correction THEN e.debit ELSE e.credit END AS credit,
               CASE WHEN w.is_correction THEN -e.amount_minor ELSE e.amount_minor END
                   AS amount_minor
          FROM ledger_entry e
          JOIN ledger_locked l USING (contract_id)
         CROSS JOIN LATERAL (
               SELECT e.credit IN (1, 7, 8, 9, 11) OR e.credit = 2 AND e.debit NOT IN (1, 9)
                      AS is_correction) w
         WHERE l.rederive) booked
 GROUP BY source_kind, source_id, contract_id, seq, debit, credit
HAVING sum(amount_minor) <> 0;

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
               coalesce(sum(amount_minor) FILTER (WHERE credit = 3), 0) AS cost,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 4), 0) AS penalty,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 5), 0) AS interest,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 6), 0) AS principal
          FROM ledger_before
         WHERE seq IS NOT NULL
         GROUP BY contract_id, seq) b
 WHERE d.contract_id = b.contract_id
   AND d.seq = b.seq;

UPDATE ledger_account a
   SET principal_open_minor = a.principal_open_minor + b.principal,
       unallocated_minor = a.unallocated_minor - b.unallocated,
       last_payment_on = NULL,
       last_payment_id = NULL,
       last_adjustment_on = NULL,
       last_adjustment_id = NULL
  FROM (SELECT l.contract_id,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 6), 0) AS principal,
               coalesce(sum(CASE WHEN credit = 2 THEN amount_minor
                                 WHEN debit = 2 THEN -amount_minor ELSE 0 END), 0) AS unallocated
          FROM ledger_locked l
          LEFT JOIN ledger_before USING (contract_id)
         WHERE l.rederive
         GROUP BY l.contract_id) b
 WHERE a.contract_id = b.contract_id;
