-- In whose hands the chosen cases are now: how many, how much is overdue on them, how many are held
-- and how many stand on today's worklists.
SELECT c.agency_id, coalesce(a.name, '') AS agency_name, k.currency, count(*) AS cases,
       count(*) FILTER (WHERE c.state = 'HELD') AS held, count(w.id) AS listed,
       coalesce(sum(s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor), 0)::bigint
           AS overdue_minor
  FROM ({chosen}) c
  JOIN contracts_contract k ON k.id = c.contract_id
  LEFT JOIN workforce_agency a ON a.id = c.agency_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s::date AND s.contract_id = c.contract_id
  LEFT JOIN assignment_worklistitem w
         ON w.as_of = %(as_of)s::date AND w.case_id = c.id AND w.done_at IS NULL
 GROUP BY c.agency_id, a.name, k.currency
 ORDER BY a.name NULLS FIRST, k.currency;
