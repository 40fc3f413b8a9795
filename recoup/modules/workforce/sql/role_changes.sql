-- Changes of roles that wait, the oldest first; or those that do not any more, the last first.
SELECT c.id, c.role, coalesce(nullif(c.name, ''), nullif(r.name, ''), c.role) AS role_words,
       coalesce(nullif(b.name, ''), c.based_on) AS based_on, c.reason, c.state, c.rights_before,
       c.rights_after, c.asked_by, coalesce(nullif(a.display_name, ''), a.username) AS asked_name,
       c.asked_at, coalesce(nullif(d.display_name, ''), d.username, '') AS decided_name,
       c.decided_at, c.decision_reason
  FROM workforce_rolechange c
  JOIN workforce_user a ON a.id = c.asked_by
  LEFT JOIN workforce_user d ON d.id = c.decided_by
  LEFT JOIN workforce_role r ON r.code = c.role
  LEFT JOIN workforce_role b ON b.code = c.based_on
 WHERE (c.state = 'WAITING') = %(waiting)s
 ORDER BY CASE WHEN %(waiting)s THEN c.id ELSE -c.id END
 LIMIT %(limit)s;
