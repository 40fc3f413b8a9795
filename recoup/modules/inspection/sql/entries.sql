-- What had been booked by the day.
SELECT e.id, e.payment_id, e.seq, e.debit, e.credit, e.amount_minor, e.value_on, e.booked_at
  FROM ledger_entry e
 WHERE e.contract_id = %(contract_id)s AND e.booked_at < %(known_by)s
 ORDER BY e.id
