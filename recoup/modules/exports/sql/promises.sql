-- Promises of one lender's cases as far as the asker sees, by the day they are due.
SELECT k.number, p.ref, {name} AS name, {plate} AS plate, m.state, k.currency,
       m.amount_minor, m.paid_minor, m.taken_on, m.due_on, m.decided_on,
       coalesce(s.bucket, 0) AS bucket, coalesce(s.dpd_raw, 0) AS dpd,
       coalesce(taker.display_name, '') AS taken_by
  FROM plans_promise m
  JOIN cases_case c ON c.id = m.case_id
  JOIN contracts_contract k ON k.id = m.contract_id
  JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN workforce_user u ON u.id = c.collector_id
  LEFT JOIN workforce_user taker ON taker.id = m.taken_by
  LEFT JOIN vehicles_vehicle v ON v.contract_id = m.contract_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s AND s.contract_id = m.contract_id
 WHERE c.lender_id = %(lender_id)s
   AND (%(promise_state)s = '' OR m.state = %(promise_state)s)
   AND (%(since)s::date IS NULL OR m.due_on >= %(since)s::date)
   AND (%(until)s::date IS NULL OR m.due_on <= %(until)s::date)
   AND (%(team_id)s::bigint IS NULL OR u.team_id = %(team_id)s::bigint)
   AND {seen}
 ORDER BY m.due_on, m.id
