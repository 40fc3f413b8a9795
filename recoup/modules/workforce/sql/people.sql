-- Everybody who signs in, with the roles that stand; those who left come last.
SELECT u.id, u.username, u.display_name, u.employee_number, coalesce(t.name, '') AS team_name,
       u.is_active, u.takes_cases, u.is_service, u.last_login,
       coalesce(array_agg(DISTINCT g.role::text) FILTER (WHERE g.role IS NOT NULL), '{}') AS roles,
       coalesce(array_agg(DISTINCT coalesce(nullif(r.name, ''), r.code)) FILTER (WHERE r.code IS NOT NULL),
                '{}') AS role_words,
       min(g.expires_on) AS first_expiry_on, coalesce(f.kinds, '{}') AS factors
  FROM workforce_user u
  LEFT JOIN workforce_team t ON t.id = u.team_id
  LEFT JOIN access_second_factors() f ON f.user_id = u.id
  LEFT JOIN workforce_grant g ON g.user_id = u.id AND g.ended_at IS NULL
  LEFT JOIN workforce_role r ON r.code = g.role
 WHERE %(user_id)s::bigint IS NULL OR u.id = %(user_id)s::bigint
 GROUP BY u.id, t.name, f.kinds
 ORDER BY u.is_active DESC, u.employee_number, u.username;
