-- Takes in the parties which intake has judged new or changed.
UPDATE parties_party p
   SET name = j.name, kind = j.kind, id_type = j.id_type, id_number = j.id_number,
       born_on = j.born_on, language = j.language, region = j.region, employer = j.employer,
       occupation = j.occupation, income_minor = j.income_minor,
       spending_minor = j.spending_minor, credit_score = j.credit_score,
       is_synthetic = j.is_synthetic
  FROM intake_judged_parties j
 WHERE j.outcome = 'C' AND p.id = j.party_id;

INSERT INTO parties_party
       (lender_id, ref, name, kind, id_type, id_number, born_on, language, region, employer,
        occupation, income_minor, spending_minor, credit_score, is_synthetic)
SELECT %(lender_id)s, party_ref, name, kind, id_type, id_number, born_on, language, region,
       employer, occupation, income_minor, spending_minor, credit_score, is_synthetic
  FROM intake_judged_parties
 WHERE outcome = 'N'
 ORDER BY row_number;

-- The planner must know of the new rows, or it joins what follows in nested loops.
ANALYZE parties_party;
