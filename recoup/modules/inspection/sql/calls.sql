-- Every call until the day, whoever made it.
SELECT c.id, c.at, u.display_name AS caller, u.employee_number, c.inbound, c.party_id,
       c.contact_point_id, c.result, c.answered, c.right_party, c.identity_checked, c.note,
       c.next_step, c.next_step_on
  FROM comms_call c
  LEFT JOIN workforce_user u ON u.id = c.actor_id
 WHERE c.contract_id = %(contract_id)s AND c.at < %(known_by)s
 ORDER BY c.id
