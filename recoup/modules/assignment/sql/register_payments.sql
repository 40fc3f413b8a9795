-- A contract's payments in the order they were recorded, or the one with a reference.
SELECT p.id, p.contract_id, p.value_on, p.amount_minor, p.currency, p.channel, p.reference,
       p.received_at, v.reversed_on
  FROM ledger_payment p
  LEFT JOIN ledger_reversal v ON v.payment_id = p.id
 WHERE p.contract_id = %(contract_id)s
   AND p.id > %(after)s
   AND (%(reference)s = '' OR p.reference = %(reference)s)
 ORDER BY p.id
 LIMIT %(limit)s;
