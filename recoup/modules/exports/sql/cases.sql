-- Live cases of one lender as far as the asker sees, deepest arrears first.
SELECT k.number, p.ref, {name} AS name, {phone} AS phone, t.kind AS phone_kind,
       {plate} AS plate, k.region,
       coalesce(s.bucket, c.bucket) AS bucket, coalesce(s.dpd_raw, 0) AS dpd, k.currency,
       coalesce(s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor, 0)
           AS overdue_minor,
       coalesce(s.exposure_minor, 0) AS exposure_minor, c.state, c.treatment, c.last_result,
       c.last_worked_at, c.next_step, c.next_step_on, coalesce(u.display_name, '') AS collector
  FROM cases_case c
  JOIN contracts_contract k ON k.id = c.contract_id
  JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN workforce_user u ON u.id = c.collector_id
  LEFT JOIN vehicles_vehicle v ON v.contract_id = c.contract_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s AND s.contract_id = c.contract_id
  LEFT JOIN LATERAL (SELECT t.*
                       FROM parties_contactpoint t
                      WHERE t.party_id = p.id AND t.kind IN ('MOBILE', 'PHONE') AND t.is_valid
                      ORDER BY t.holder <> 'SELF', t.id
                      LIMIT 1) t ON true
 WHERE c.closed_on IS NULL
   AND c.lender_id = %(lender_id)s
   AND (%(bucket)s::int IS NULL OR c.bucket = %(bucket)s::int)
   AND (%(team_id)s::bigint IS NULL OR u.team_id = %(team_id)s::bigint)
   AND {seen}
 ORDER BY c.bucket DESC, c.id
