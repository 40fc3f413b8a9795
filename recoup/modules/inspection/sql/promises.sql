-- Every promise taken by the day, and how it stood then.
SELECT q.id, q.taken_at, u.display_name AS taken_by, q.amount_minor, q.currency, q.due_on,
       CASE WHEN q.decided_on <= %(as_of)s THEN q.state ELSE 'OPEN' END AS state,
       CASE WHEN q.decided_on <= %(as_of)s THEN q.paid_minor END AS paid_minor,
       CASE WHEN q.decided_on <= %(as_of)s THEN q.decided_on END AS decided_on
  FROM plans_promise q
  LEFT JOIN workforce_user u ON u.id = q.taken_by
 WHERE q.contract_id = %(contract_id)s AND q.taken_at < %(known_by)s
 ORDER BY q.id
