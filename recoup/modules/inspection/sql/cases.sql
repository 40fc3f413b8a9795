-- Each time the contract was in collections by the day, with what its timeline said by then.
SELECT k.id, k.opened_on, CASE WHEN k.closed_on <= %(as_of)s THEN k.closed_on END AS closed_on,
       coalesce(jsonb_agg(jsonb_build_array(t.kind, t.facts) ORDER BY t.id)
                FILTER (WHERE t.id IS NOT NULL), '[]')::text AS said
  FROM cases_case k
  LEFT JOIN cases_timelineentry t ON t.case_id = k.id AND t.at < %(known_by)s
 WHERE k.contract_id = %(contract_id)s AND k.opened_on <= %(as_of)s
 GROUP BY k.id
 ORDER BY k.id
