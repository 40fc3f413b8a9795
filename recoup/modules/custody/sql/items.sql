-- Things in our keeping as their page shows them: with lender, contract and who has each.
SELECT i.id,
       i.lender_id,
       l.name                                         AS lender_name,
       i.contract_id,
       coalesce(c.number, '')                         AS contract_number,
       i.kind,
       i.label,
       i.place,
       i.note,
       i.state,
       i.holder_id,
       coalesce(nullif(u.display_name, ''), u.username, '') AS holder_name,
       coalesce(t.name, '')                           AS team_name,
       i.due_on
  FROM custody_item i
  JOIN parties_lender l ON l.id = i.lender_id
  LEFT JOIN contracts_contract c ON c.id = i.contract_id
  LEFT JOIN workforce_user u ON u.id = i.holder_id
  LEFT JOIN workforce_team t ON t.id = u.team_id
 WHERE (%(item_id)s::bigint IS NULL OR i.id = %(item_id)s)
   AND (%(state)s = '' OR i.state = %(state)s)
   AND (%(due_before)s::date IS NULL OR i.due_on < %(due_before)s)
   AND (%(team_id)s::bigint IS NULL OR u.team_id = %(team_id)s)
   AND (%(holder_id)s::bigint IS NULL OR i.holder_id = %(holder_id)s)
   AND (%(said)s = '' OR i.label = %(said)s OR c.number = %(said)s
        OR i.label ILIKE %(said_start)s)
 ORDER BY i.due_on NULLS LAST, i.id DESC
 LIMIT %(limit)s OFFSET %(skip)s;
