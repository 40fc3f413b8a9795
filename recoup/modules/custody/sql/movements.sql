-- The movements of one thing, latest first, with who entered each and who had it.
SELECT m.id,
       m.kind,
       m.at,
       m.business_on,
       coalesce(nullif(a.display_name, ''), a.username, '') AS actor_name,
       coalesce(nullif(h.display_name, ''), h.username, '') AS holder_name,
       m.due_on,
       m.place,
       m.reason
  FROM custody_movement m
  LEFT JOIN workforce_user a ON a.id = m.actor_id
  LEFT JOIN workforce_user h ON h.id = m.holder_id
 WHERE m.item_id = %(item_id)s
 ORDER BY m.id DESC;
