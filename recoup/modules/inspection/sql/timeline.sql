-- What had happened by the day, oldest first.
SELECT t.id, t.at, t.business_on, u.display_name AS actor, u.employee_number, t.kind, t.facts::text AS facts
  FROM cases_timelineentry t
  LEFT JOIN workforce_user u ON u.id = t.actor_id
 WHERE t.contract_id = %(contract_id)s AND t.at < %(known_by)s
 ORDER BY t.id
