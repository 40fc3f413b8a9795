-- Live cases in the order of their numbers, with the figures of the business day.
SELECT k.id, k.contract_id, c.number, l.code AS lender, p.name_masked AS borrower_masked, k.state,
       k.opened_on, coalesce(s.bucket, k.bucket) AS bucket, coalesce(s.dpd_raw, 0) AS days_past_due,
       c.currency,
       coalesce(s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor, 0)
           AS overdue_minor,
       coalesce(s.exposure_minor, 0) AS exposure_minor, k.next_step, k.next_step_on
  FROM cases_case k
  JOIN contracts_contract c ON c.id = k.contract_id
  JOIN parties_lender l ON l.id = c.lender_id
  JOIN parties_party p ON p.id = c.borrower_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s::date AND s.contract_id = k.contract_id
 WHERE k.closed_on IS NULL
   AND k.id > %(after)s
   AND (%(lender)s = '' OR l.code = %(lender)s)
   AND (%(bucket)s::int IS NULL OR k.bucket = %(bucket)s::int)
 ORDER BY k.id
 LIMIT %(limit)s;
