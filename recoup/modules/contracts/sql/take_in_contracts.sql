-- Takes in the contracts which intake has judged new or changed, and the parties to them.
UPDATE contracts_contract c
   SET borrower_id = b.id, product = j.product, principal_minor = j.principal_minor,
       annual_rate_micro = j.annual_rate_micro, term_months = j.term_months, method = j.method,
       signed_on = j.signed_on, first_due_on = j.first_due_on, matures_on = j.matures_on,
       region = j.region, state = j.state
  FROM intake_judged_contracts j
  JOIN parties_party b ON b.lender_id = %(lender_id)s AND b.ref = j.borrower_ref
 WHERE j.outcome = 'C' AND c.id = j.contract_id;

INSERT INTO contracts_contract
       (lender_id, number, borrower_id, product, currency, principal_minor, annual_rate_micro,
        term_months, method, signed_on, first_due_on, matures_on, region, state)
SELECT %(lender_id)s, j.contract_number, b.id, j.product, j.currency, j.principal_minor,
       j.annual_rate_micro, j.term_months, j.method, j.signed_on, j.first_due_on, j.matures_on,
       j.region, j.state
  FROM intake_judged_contracts j
  JOIN parties_party b ON b.lender_id = %(lender_id)s AND b.ref = j.borrower_ref
 WHERE j.outcome = 'N'
 ORDER BY j.row_number;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('contracts_contract');

INSERT INTO contracts_contractparty (contract_id, party_id, role)
SELECT c.id, p.id, given.role
  FROM intake_judged_contracts j
 CROSS JOIN LATERAL (VALUES (j.co_borrower_ref, 'CO_BORROWER'), (j.guarantor_ref, 'GUARANTOR'),
                            (j.contact_ref, 'CONTACT')) AS given (ref, role)
  JOIN parties_party p ON p.lender_id = %(lender_id)s AND p.ref = given.ref
  JOIN contracts_contract c ON c.lender_id = %(lender_id)s AND c.number = j.contract_number
 WHERE j.outcome IN ('N', 'C') AND given.ref IS NOT NULL
    ON CONFLICT (contract_id, party_id, role) DO NOTHING;
