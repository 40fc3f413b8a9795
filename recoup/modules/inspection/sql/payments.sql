-- Money that had come in and was known by the day, and what of it had been taken back.
SELECT p.id, p.value_on, p.amount_minor, p.currency, p.channel, p.reference, p.received_at,
       u.display_name AS recorded_by, v.reversed_on, v.reason AS reversal_reason
  FROM ledger_payment p
  LEFT JOIN ledger_reversal v ON v.payment_id = p.id AND v.received_at < %(known_by)s
                             AND v.reversed_on <= %(as_of)s
  LEFT JOIN workforce_user u ON u.id = p.recorded_by
 WHERE p.contract_id = %(contract_id)s AND p.value_on <= %(as_of)s AND p.received_at < %(known_by)s
 ORDER BY p.value_on, p.id
