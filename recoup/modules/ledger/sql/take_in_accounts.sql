-- Opens the account of each contract taken in, or gives it the terms its contract now has.
INSERT INTO ledger_account
       (contract_id, lender_id, currency, penalty_rate_micro, penalty_day_basis,
        penalty_on_interest, penalty_cap_pct, grace_days, tolerance_pct, allocation_rule_id)
SELECT c.id, c.lender_id, c.currency, j.penalty_rate, j.penalty_day_basis,
       j.penalty_on_interest, j.penalty_cap_pct, j.grace_days, j.tolerance_pct, j.allocation_rule
  FROM intake_judged_contracts j
  JOIN contracts_contract c ON c.lender_id = %(lender_id)s AND c.number = j.contract_number
 WHERE j.outcome IN ('N', 'C')
 ORDER BY c.id
    ON CONFLICT (contract_id) DO UPDATE
   SET penalty_rate_micro = EXCLUDED.penalty_rate_micro,
       penalty_day_basis = EXCLUDED.penalty_day_basis,
       penalty_on_interest = EXCLUDED.penalty_on_interest,
       penalty_cap_pct = EXCLUDED.penalty_cap_pct,
       grace_days = EXCLUDED.grace_days,
       tolerance_pct = EXCLUDED.tolerance_pct,
       allocation_rule_id = EXCLUDED.allocation_rule_id;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('ledger_account');
