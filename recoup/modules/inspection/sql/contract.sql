-- The contract's terms as they are on file.
SELECT c.id, c.number, c.lender_id, l.name AS lender_name, c.product, c.currency, c.principal_minor,
       c.annual_rate_micro, c.term_months, c.method, c.signed_on, c.first_due_on, c.matures_on,
       c.region, a.penalty_rate_micro, a.penalty_day_basis, a.penalty_on_interest, a.grace_days,
       a.tolerance_pct, a.penalty_cap_pct, a.allocation_rule_id AS allocation_rule
  FROM contracts_contract c
  JOIN parties_lender l ON l.id = c.lender_id
  LEFT JOIN ledger_account a ON a.contract_id = c.id
 WHERE c.id = %(contract_id)s
