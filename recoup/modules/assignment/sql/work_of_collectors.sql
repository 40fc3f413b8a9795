-- Each collector's worklist of a day: how much is on it, worked, taken and still waiting.
SELECT u.id AS collector_id, u.display_name, u.username, coalesce(t.name, '') AS team_name,
       w.cases, w.worked, w.opened, coalesce(k.calls, 0) AS calls,
       coalesce(k.right_party, 0) AS right_party, coalesce(m.promises, 0) AS promises
  FROM (SELECT collector_id, count(*) AS cases, count(done_at) AS worked,
               count(taken_at) FILTER (WHERE done_at IS NULL) AS opened
          FROM assignment_worklistitem
         WHERE as_of = %(as_of)s
         GROUP BY collector_id) w
  JOIN workforce_user u ON u.id = w.collector_id
  LEFT JOIN workforce_team t ON t.id = u.team_id
  LEFT JOIN LATERAL (SELECT count(*) AS calls, count(*) FILTER (WHERE right_party) AS right_party
                       FROM comms_call
                      WHERE actor_id = w.collector_id AND business_on = %(as_of)s) k ON true
  LEFT JOIN LATERAL (SELECT count(*) AS promises
                       FROM plans_promise
                      WHERE taken_by = w.collector_id AND taken_on = %(as_of)s) m ON true
 WHERE %(team_id)s::bigint IS NULL OR u.team_id = %(team_id)s::bigint
 ORDER BY t.name, w.worked::float / w.cases, u.display_name, u.id;
