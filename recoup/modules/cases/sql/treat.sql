-- Give each live case the segment and treatment the strategy decided; a new treatment is told.
WITH decided AS (
    UPDATE cases_case c
       SET segment = d.segment, treatment = d.treatment
      FROM cases_case o
      JOIN strategy_decision d ON d.as_of = %(as_of)s::date AND d.case_id = o.id
     WHERE o.id = c.id
       AND c.closed_on IS NULL
       AND (o.segment, o.treatment) IS DISTINCT FROM (d.segment, d.treatment)
    RETURNING c.id, c.contract_id, o.treatment AS from_treatment, c.treatment AS to_treatment,
              c.segment, d.reasons)
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, kind, facts)
SELECT contract_id, id, %(at)s, %(as_of)s::date, 'TREATMENT_CHANGED',
       jsonb_build_object('from_treatment', from_treatment, 'to_treatment', to_treatment,
                          'segment', segment, 'reasons', reasons)
  FROM decided
 WHERE from_treatment NOT IN ('', to_treatment);
