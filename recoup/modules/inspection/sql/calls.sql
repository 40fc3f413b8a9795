-- Every call until the day, whoever made it.
SELECT c.id, c.at, u.display_name AS caller, u.employee_number, c.inbound, p.name_masked AS person,
       t.value_masked AS contact_point, c.result, c.answered, c.right_party, c.identity_checked,
       c.note, c.next_step, c.next_step_on
  FROM comms_call c
  LEFT JOIN workforce_user u ON u.id = c.actor_id
  LEFT JOIN parties_party p ON p.id = c.party_id
  LEFT JOIN parties_contactpoint t ON t.id = c.contact_point_id
 WHERE c.contract_id = %(contract_id)s AND c.at < %(known_by)s
 ORDER BY c.id
