-- Arrears of one lender's live cases by team, currency and bucket, as far as the asker sees.
SELECT coalesce(g.name, '') AS team, k.currency, coalesce(s.bucket, c.bucket) AS bucket,
       count(*) AS cases,
       coalesce(sum(s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor),
                0)::bigint AS overdue_minor,
       coalesce(sum(s.exposure_minor), 0)::bigint AS exposure_minor
  FROM cases_case c
  JOIN contracts_contract k ON k.id = c.contract_id
  LEFT JOIN workforce_user u ON u.id = c.collector_id
  LEFT JOIN workforce_team g ON g.id = u.team_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s AND s.contract_id = c.contract_id
 WHERE c.closed_on IS NULL
   AND c.lender_id = %(lender_id)s
   AND (%(bucket)s::int IS NULL OR c.bucket = %(bucket)s::int)
   AND (%(team_id)s::bigint IS NULL OR u.team_id = %(team_id)s::bigint)
   AND {seen}
 GROUP BY g.name, k.currency, coalesce(s.bucket, c.bucket)
 ORDER BY g.name, k.currency, 3
