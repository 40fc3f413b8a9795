-- Contracts in the order of their numbers, each with its live case if it has one.
SELECT c.id, c.number, l.code AS lender, p.name_masked AS borrower_masked, c.product, c.currency,
       c.principal_minor, c.annual_rate_micro, c.term_months, c.signed_on, c.first_due_on,
       c.matures_on, c.region, c.state, k.id AS case_id, k.state AS case_state, k.bucket
  FROM contracts_contract c
  JOIN parties_lender l ON l.id = c.lender_id
  JOIN parties_party p ON p.id = c.borrower_id
  LEFT JOIN cases_case k ON k.contract_id = c.id AND k.closed_on IS NULL
 WHERE c.id > %(after)s
   AND (%(contract_id)s::bigint IS NULL OR c.id = %(contract_id)s::bigint)
   AND (%(lender)s = '' OR l.code = %(lender)s)
   AND (%(number)s = '' OR c.number = %(number)s)
 ORDER BY c.id
 LIMIT %(limit)s;
