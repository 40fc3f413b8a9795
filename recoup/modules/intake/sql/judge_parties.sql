-- Finds out for each party of the file whether it is new, changed, unchanged or said twice.
-- Names and numbers come sealed: whether they changed is told by their blind indexes.
INSERT INTO intake_judged_parties
       (row_kind, row_number, outcome, reasons, raw, party_id, party_ref, name_sealed, name_masked,
        name_index, kind, id_type, id_number_sealed, id_number_masked, id_number_index,
        born_on_sealed, born_on_masked, born_on_index, language, region, employer_sealed, employer_masked,
        employer_index, occupation, income_minor, spending_minor, credit_score, is_synthetic)
SELECT 'parties', s.row_number,
       CASE WHEN said.twice THEN CASE WHEN %(repeats)s = 'refuse' THEN 'B' ELSE 'U' END
            WHEN p.id IS NULL THEN 'N'
            WHEN (s.name_index, t.kind, t.id_type, t.id_number_index, t.born_on_index, t.language,
                  t.region, t.employer_index, t.occupation, t.income_minor, t.spending_minor,
                  t.credit_score, t.is_synthetic)
                 IS DISTINCT FROM
                 (p.name_index, p.kind, p.id_type, p.id_number_index, p.born_on_index, p.language,
                  p.region, p.employer_index, p.occupation, p.income_minor, p.spending_minor,
                  p.credit_score, p.is_synthetic)
            THEN 'C' ELSE 'U' END,
       CASE WHEN said.twice AND %(repeats)s = 'refuse'
            THEN ARRAY[jsonb_build_array('party_ref', 'duplicate_in_file',
                       jsonb_build_object('first_row', s.kept_row), s.party_ref)]
            ELSE '{}' END,
       CASE WHEN said.twice THEN s.raw END,
       p.id, s.party_ref, s.name_sealed, s.name_masked, s.name_index, t.*
  FROM (SELECT *, row_number() OVER same AS nth, first_value(row_number) OVER same AS kept_row
          FROM intake_staged_parties
        WINDOW same AS (PARTITION BY party_ref
                        ORDER BY CASE %(repeats)s WHEN 'last' THEN -row_number ELSE row_number END)
       ) s
  LEFT JOIN parties_party p ON p.lender_id = %(lender_id)s AND p.ref = s.party_ref
 CROSS JOIN LATERAL (SELECT s.nth > 1 AS twice) said
 CROSS JOIN LATERAL (
       SELECT coalesce(s.kind, p.kind, 'PERSON') AS kind,
              coalesce(s.id_type, p.id_type, '') AS id_type,
              coalesce(s.id_number_sealed, p.id_number_sealed) AS id_number_sealed,
              coalesce(s.id_number_masked, p.id_number_masked, '') AS id_number_masked,
              coalesce(s.id_number_index, p.id_number_index) AS id_number_index,
              coalesce(s.born_on_sealed, p.born_on_sealed) AS born_on_sealed,
              coalesce(s.born_on_masked, p.born_on_masked, '') AS born_on_masked,
              coalesce(s.born_on_index, p.born_on_index) AS born_on_index,
              coalesce(s.language, p.language, '') AS language,
              coalesce(s.region, p.region, '') AS region,
              coalesce(s.employer_sealed, p.employer_sealed) AS employer_sealed,
              coalesce(s.employer_masked, p.employer_masked, '') AS employer_masked,
              coalesce(s.employer_index, p.employer_index) AS employer_index,
              coalesce(s.occupation, p.occupation, '') AS occupation,
              coalesce(s.income_minor, p.income_minor) AS income_minor,
              coalesce(s.spending_minor, p.spending_minor) AS spending_minor,
              coalesce(s.credit_score, p.credit_score) AS credit_score,
              coalesce(s.is_synthetic, p.is_synthetic, false) AS is_synthetic) t;
