-- Who holds a role now, and what their other roles let them do.
SELECT u.id AS user_id, coalesce(nullif(u.display_name, ''), u.username) AS name,
       coalesce(array_agg(DISTINCT x.right_code::text) FILTER (WHERE x.right_code IS NOT NULL), '{}')
           AS other_rights
  FROM workforce_user u
  LEFT JOIN workforce_grant o ON o.user_id = u.id AND o.ended_at IS NULL AND o.role <> %(role)s
  LEFT JOIN workforce_roleright x ON x.role = o.role
 WHERE EXISTS (SELECT FROM workforce_grant g
                WHERE g.user_id = u.id AND g.role = %(role)s AND g.ended_at IS NULL)
 GROUP BY u.id
 ORDER BY u.id;
