-- Finds out for each contract whether its parties are known and whether its terms may stand.
-- An empty cell leaves what is kept; the penalty rate follows the contract rate unless given.
INSERT INTO intake_judged_contracts
       (row_kind, row_number, outcome, reasons, raw, contract_id, contract_number, borrower_ref,
        borrower_name_sealed, borrower_name_masked, borrower_name_index, currency, principal_minor, annual_rate_micro, term_months, first_due_on,
        co_borrower_ref, guarantor_ref, contact_ref,
        product, method, signed_on, matures_on, region, state, penalty_rate, penalty_cap_pct,
        penalty_day_basis, penalty_on_interest, grace_days, tolerance_pct, allocation_rule)
SELECT 'contracts', s.row_number,
       CASE WHEN cardinality(j.reasons) > 0 THEN 'B'
            WHEN s.nth > 1 THEN 'U'
            WHEN c.id IS NULL THEN 'N'
            WHEN a.contract_id IS NULL OR cardinality(d.terms) > 0 OR d.role_missing
                 OR (t.product, t.matures_on, t.region, t.state, b.id)
                    IS DISTINCT FROM (c.product, c.matures_on, c.region, c.state, c.borrower_id)
            THEN 'C' ELSE 'U' END,
       j.reasons, CASE WHEN cardinality(j.reasons) > 0 THEN s.raw END,
       c.id, s.contract_number, s.borrower_ref, s.borrower_name_sealed, s.borrower_name_masked,
       s.borrower_name_index, s.currency, s.principal_minor,
       s.annual_rate_micro, s.term_months, s.first_due_on, s.co_borrower_ref, s.guarantor_ref,
       s.contact_ref, t.*
  FROM (SELECT *, row_number() OVER same AS nth, first_value(row_number) OVER same AS kept_row
          FROM intake_staged_contracts
        WINDOW same AS (PARTITION BY contract_number
                        ORDER BY CASE %(repeats)s WHEN 'last' THEN -row_number ELSE row_number END)
       ) s
  LEFT JOIN contracts_contract c ON c.lender_id = %(lender_id)s AND c.number = s.contract_number
  LEFT JOIN ledger_account a ON a.contract_id = c.id
  LEFT JOIN parties_party b ON b.lender_id = %(lender_id)s AND b.ref = s.borrower_ref
  LEFT JOIN parties_party co ON co.lender_id = %(lender_id)s AND co.ref = s.co_borrower_ref
  LEFT JOIN parties_party g ON g.lender_id = %(lender_id)s AND g.ref = s.guarantor_ref
  LEFT JOIN parties_party k ON k.lender_id = %(lender_id)s AND k.ref = s.contact_ref
 CROSS JOIN LATERAL (
       SELECT coalesce(s.product, c.product, '') AS product,
              coalesce(s.method, c.method, 'EQUAL_INSTALMENT') AS method,
              coalesce(s.signed_on, c.signed_on) AS signed_on,
              coalesce(s.matures_on, c.matures_on) AS matures_on,
              coalesce(s.region, c.region, '') AS region,
              coalesce(s.state, c.state, 'ACTIVE') AS state,
              coalesce(s.penalty_rate_micro,
                       floor(s.annual_rate_micro * s.penalty_multiplier)::int,
                       CASE WHEN c.annual_rate_micro = s.annual_rate_micro
                            THEN a.penalty_rate_micro END,
                       floor(s.annual_rate_micro * 1.5)::int) AS penalty_rate,
              coalesce(s.penalty_cap_pct, a.penalty_cap_pct) AS penalty_cap_pct,
              coalesce(s.penalty_day_basis, a.penalty_day_basis, 360) AS penalty_day_basis,
              coalesce(s.penalty_on_interest, a.penalty_on_interest, true) AS penalty_on_interest,
              coalesce(s.grace_days, a.grace_days, 0) AS grace_days,
              coalesce(s.tolerance_pct, a.tolerance_pct, 0) AS tolerance_pct,
              coalesce(s.allocation_rule, a.allocation_rule_id, 'CIVIL_CODE_561')
                  AS allocation_rule) t
 CROSS JOIN LATERAL (
       SELECT CASE WHEN c.id IS NULL THEN '{}'::text[] ELSE array_remove(ARRAY[
              CASE WHEN s.principal_minor <> c.principal_minor THEN 'principal' END,
              CASE WHEN s.annual_rate_micro <> c.annual_rate_micro THEN 'annual_rate' END,
              CASE WHEN s.term_months <> c.term_months THEN 'term_months' END,
              CASE WHEN s.first_due_on <> c.first_due_on THEN 'first_due_on' END,
              CASE WHEN t.method <> c.method THEN 'method' END,
              CASE WHEN t.signed_on IS DISTINCT FROM c.signed_on THEN 'signed_on' END,
              CASE WHEN t.penalty_rate <> a.penalty_rate_micro THEN 'penalty_rate' END,
              CASE WHEN t.penalty_cap_pct IS DISTINCT FROM a.penalty_cap_pct
                   THEN 'penalty_cap_pct' END,
              CASE WHEN t.penalty_day_basis <> a.penalty_day_basis THEN 'penalty_day_basis' END,
              CASE WHEN t.penalty_on_interest <> a.penalty_on_interest
                   THEN 'penalty_on_interest' END,
              CASE WHEN t.grace_days <> a.grace_days THEN 'grace_days' END,
              CASE WHEN t.tolerance_pct <> a.tolerance_pct THEN 'tolerance_pct' END,
              CASE WHEN t.allocation_rule <> a.allocation_rule_id THEN 'allocation_rule' END
              ], NULL) END AS terms,
              c.id IS NOT NULL AND EXISTS (
              SELECT FROM (VALUES (co.id, 'CO_BORROWER'), (g.id, 'GUARANTOR'), (k.id, 'CONTACT'))
                          AS given (party_id, role)
               WHERE given.party_id IS NOT NULL AND NOT EXISTS (
                     SELECT FROM contracts_contractparty l
                      WHERE l.contract_id = c.id AND l.party_id = given.party_id
                        AND l.role = given.role)) AS role_missing) d
 CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
       CASE WHEN s.nth > 1 AND %(repeats)s = 'refuse' THEN jsonb_build_array(
            'contract_number', 'duplicate_in_file',
            jsonb_build_object('first_row', s.kept_row), s.contract_number) END,
       CASE WHEN b.id IS NULL AND s.borrower_name_index IS NULL THEN jsonb_build_array(
            'borrower_ref', 'party_unknown',
            jsonb_build_object('value', s.borrower_ref), s.borrower_ref) END,
       CASE WHEN s.co_borrower_ref IS NOT NULL AND co.id IS NULL THEN jsonb_build_array(
            'co_borrower_ref', 'party_unknown',
            jsonb_build_object('value', s.co_borrower_ref), s.co_borrower_ref) END,
       CASE WHEN s.guarantor_ref IS NOT NULL AND g.id IS NULL THEN jsonb_build_array(
            'guarantor_ref', 'party_unknown',
            jsonb_build_object('value', s.guarantor_ref), s.guarantor_ref) END,
       CASE WHEN s.contact_ref IS NOT NULL AND k.id IS NULL THEN jsonb_build_array(
            'contact_ref', 'party_unknown',
            jsonb_build_object('value', s.contact_ref), s.contact_ref) END,
       CASE WHEN s.principal_minor = 0 THEN jsonb_build_array(
            'principal', 'amount_is_zero', '{}'::jsonb, '0') END,
       CASE WHEN s.penalty_day_basis NOT IN (360, 365) THEN jsonb_build_array(
            'penalty_day_basis', 'day_basis_unknown', '{}'::jsonb, s.penalty_day_basis::text) END,
       CASE WHEN s.first_due_on < t.signed_on THEN jsonb_build_array(
            'first_due_on', 'first_due_before_signing',
            jsonb_build_object('signed_on', t.signed_on), s.first_due_on::text) END,
       CASE WHEN t.matures_on < s.first_due_on THEN jsonb_build_array(
            'matures_on', 'matures_before_first_due',
            jsonb_build_object('first_due_on', s.first_due_on), t.matures_on::text) END,
       CASE WHEN s.currency <> c.currency THEN jsonb_build_array(
            'currency', 'contract_currency_fixed',
            jsonb_build_object('expected', c.currency, 'found', s.currency), s.currency) END,
       CASE WHEN cardinality(d.terms) > 0 AND EXISTS (
                 SELECT FROM ledger_entry e WHERE e.contract_id = c.id) THEN jsonb_build_array(
            d.terms[1], 'terms_fixed_by_postings',
            jsonb_build_object('columns', array_to_string(d.terms, ', ')), '') END
       ], NULL) AS reasons) j;
