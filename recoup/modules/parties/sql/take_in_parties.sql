-- Takes in the parties which intake has judged new or changed; names and numbers come sealed.
UPDATE parties_party p
   SET name_sealed = j.name_sealed, name_masked = j.name_masked, name_index = j.name_index,
       kind = j.kind, id_type = j.id_type, id_number_sealed = j.id_number_sealed,
       id_number_masked = j.id_number_masked, id_number_index = j.id_number_index,
       born_on_sealed = j.born_on_sealed, born_on_masked = j.born_on_masked,
       born_on_index = j.born_on_index, language = j.language, region = j.region,
       employer_sealed = j.employer_sealed, employer_masked = j.employer_masked,
       employer_index = j.employer_index, occupation = j.occupation,
       income_minor = j.income_minor, spending_minor = j.spending_minor,
       credit_score = j.credit_score, is_synthetic = j.is_synthetic
  FROM intake_judged_parties j
 WHERE j.outcome = 'C' AND p.id = j.party_id;

INSERT INTO parties_party
       (lender_id, ref, name_sealed, name_masked, name_index, kind, id_type, id_number_sealed,
        id_number_masked, id_number_index, born_on_sealed, born_on_masked, born_on_index,
        language, region, employer_sealed, employer_masked, employer_index, occupation,
        income_minor, spending_minor, credit_score, is_synthetic)
SELECT %(lender_id)s, party_ref, name_sealed, name_masked, name_index, kind, id_type,
       id_number_sealed, id_number_masked, id_number_index, born_on_sealed, born_on_masked,
       born_on_index, language, region, employer_sealed, employer_masked, employer_index,
       occupation, income_minor, spending_minor, credit_score, is_synthetic
  FROM intake_judged_parties
 WHERE outcome = 'N'
 ORDER BY row_number;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('parties_party');
