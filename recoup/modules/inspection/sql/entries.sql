-- What had been booked by the day.
SELECT e.id, CASE WHEN e.source_kind = 1 THEN e.source_id END AS payment_id,
       CASE WHEN e.source_kind = 2 THEN e.source_id END AS adjustment_id, e.seq,
       e.debit, e.credit, e.amount_minor, e.value_on, e.booked_at
  FROM ledger_entry e
 WHERE e.contract_id = %(contract_id)s AND e.booked_at < %(known_by)s
 ORDER BY e.id
