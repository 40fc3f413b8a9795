-- Promises in the order of their numbers: a contract's, or everybody's within reach.
SELECT m.id, m.contract_id, m.amount_minor, m.paid_minor, m.currency, m.taken_on, m.due_on, m.state,
       m.decided_on
  FROM plans_promise m
 WHERE m.id > %(after)s
   AND (%(contract_id)s::bigint IS NULL OR m.contract_id = %(contract_id)s::bigint)
   AND (%(state)s = '' OR m.state = %(state)s)
 ORDER BY m.id
 LIMIT %(limit)s;
