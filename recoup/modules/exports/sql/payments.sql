-- Payments on one lender's contracts as far as the asker sees, by value date; reversed ones say so.
SELECT k.number, p.ref, {name} AS name, m.value_on, m.amount_minor, m.currency, m.channel,
       m.reference, m.received_at, r.reversed_on
  FROM ledger_payment m
  JOIN contracts_contract k ON k.id = m.contract_id
  JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN ledger_reversal r ON r.payment_id = m.id
  LEFT JOIN LATERAL (SELECT i.*
                       FROM cases_case i
                      WHERE i.contract_id = m.contract_id
                      ORDER BY i.id DESC
                      LIMIT 1) c ON true
  LEFT JOIN workforce_user u ON u.id = c.collector_id
 WHERE k.lender_id = %(lender_id)s
   AND (%(since)s::date IS NULL OR m.value_on >= %(since)s::date)
   AND (%(until)s::date IS NULL OR m.value_on <= %(until)s::date)
   AND (%(team_id)s::bigint IS NULL OR u.team_id = %(team_id)s::bigint)
   AND {seen}
 ORDER BY m.value_on, m.id
