-- Where the contract's papers, keys and other things in our keeping were and who had them, until the day.
SELECT i.kind AS item, i.label, m.kind AS movement, m.at, u.display_name AS recorded_by,
       h.display_name AS holder_name, m.due_on, m.place, m.reason
  FROM custody_item i
  JOIN custody_movement m ON m.item_id = i.id
  LEFT JOIN workforce_user u ON u.id = m.actor_id
  LEFT JOIN workforce_user h ON h.id = m.holder_id
 WHERE i.contract_id = %(contract_id)s AND m.at < %(known_by)s
 ORDER BY m.id
