-- Live cases, deepest arrears first: a collector's own, or those of a bucket, a team (the number on
-- the team's page opens to them) and an agency. The inner part reads no more than the page, by index.
SELECT c.id AS case_id, c.contract_id, c.state AS case_state, c.segment, c.treatment, c.last_result,
       c.last_worked_at, c.next_step, c.next_step_on, k.number, k.currency, p.name_masked, p.is_synthetic,
       coalesce(v.plate_masked, '') AS plate_masked, coalesce(s.bucket, c.bucket) AS bucket,
       coalesce(s.dpd_raw, 0) AS dpd,
       coalesce(s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor, 0)
           AS overdue_minor,
       coalesce(s.exposure_minor, 0) AS exposure_minor, coalesce(a.name, '') AS agency_name
  FROM ({chosen}
         ORDER BY i.bucket DESC, i.id
         LIMIT %(limit)s OFFSET %(offset)s) c
  JOIN contracts_contract k ON k.id = c.contract_id
  JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN vehicles_vehicle v ON v.contract_id = c.contract_id
  LEFT JOIN workforce_agency a ON a.id = c.agency_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s AND s.contract_id = c.contract_id
 ORDER BY c.bucket DESC, c.id;
