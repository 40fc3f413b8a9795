-- Dues that had been moved by agreement.
SELECT x.decided_on, x.months, x.seqs, x.reason, x.received_at
  FROM ledger_extension x
 WHERE x.contract_id = %(contract_id)s AND x.received_at < %(known_by)s
 ORDER BY x.id
