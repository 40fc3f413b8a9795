-- Promises of a collector, a team or everybody: those due, or those decided, on a day; or all open.
SELECT m.id AS promise_id, m.contract_id, m.amount_minor, m.paid_minor, m.currency, m.taken_on,
       m.due_on, m.state, m.decided_on, k.number, p.name_masked, p.is_synthetic,
       coalesce(v.plate_masked, '') AS plate_masked, coalesce(s.bucket, 0) AS bucket,
       coalesce(s.dpd_raw, 0) AS dpd, coalesce(u.display_name, '') AS collector_name
  FROM (SELECT m.*
          FROM plans_promise m
         WHERE CASE %(only)s
                    WHEN 'due' THEN m.state = 'OPEN' AND m.due_on = %(as_of)s
                    WHEN 'open' THEN m.state = 'OPEN'
                    WHEN 'kept' THEN m.decided_on = %(as_of)s AND m.state = 'KEPT'
                    ELSE m.decided_on = %(as_of)s AND m.state IN ('BROKEN', 'PARTLY_KEPT') END
           AND (%(collector_id)s::bigint IS NULL OR m.taken_by = %(collector_id)s::bigint)
           AND (%(team_id)s::bigint IS NULL
                OR m.taken_by IN (SELECT id FROM workforce_user
                                   WHERE team_id = %(team_id)s::bigint))
         ORDER BY m.due_on, m.id
         LIMIT %(limit)s OFFSET %(offset)s) m
  JOIN contracts_contract k ON k.id = m.contract_id
  JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN workforce_user u ON u.id = m.taken_by
  LEFT JOIN vehicles_vehicle v ON v.contract_id = m.contract_id
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s AND s.contract_id = m.contract_id
 ORDER BY m.due_on, m.id;
