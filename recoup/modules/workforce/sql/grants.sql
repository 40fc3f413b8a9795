-- The roles somebody has and had: those that stand first, then by when they ended.
SELECT g.id, coalesce(nullif(r.name, ''), r.code) AS role, coalesce(l.name, '') AS lender_name,
       coalesce(a.name, '') AS agency_name, g.expires_on, g.granted_at,
       coalesce(nullif(b.display_name, ''), b.username, '') AS granted_by, g.reason,
       g.ended_at, coalesce(nullif(e.display_name, ''), e.username, '') AS ended_by
  FROM workforce_grant g
  JOIN workforce_role r ON r.code = g.role
  LEFT JOIN parties_lender l ON l.id = g.lender_id
  LEFT JOIN workforce_agency a ON a.id = g.agency_id
  LEFT JOIN workforce_user b ON b.id = g.granted_by
  LEFT JOIN workforce_user e ON e.id = g.ended_by
 WHERE g.user_id = %(user_id)s
 ORDER BY g.ended_at IS NOT NULL, g.ended_at DESC, g.role, l.name, g.id;
