-- Promises of a day: due on it, and decided by its night; per currency.
SELECT currency, outcome, count(*) AS promises, sum(amount_minor)::bigint AS amount_minor
  FROM (SELECT 'DUE' AS outcome, currency, amount_minor, taken_by
          FROM plans_promise WHERE state = 'OPEN' AND due_on = %(as_of)s
         UNION ALL
        SELECT CASE state WHEN 'KEPT' THEN 'KEPT' ELSE 'BROKEN' END, currency, amount_minor,
               taken_by
          FROM plans_promise
         WHERE decided_on = %(as_of)s AND state IN ('KEPT', 'BROKEN', 'PARTLY_KEPT')) m
 WHERE %(team_id)s::bigint IS NULL
    OR taken_by IN (SELECT id FROM workforce_user WHERE team_id = %(team_id)s::bigint)
 GROUP BY currency, outcome
 ORDER BY currency, outcome;
