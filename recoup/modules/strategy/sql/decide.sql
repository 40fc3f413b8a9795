-- Decide segment, treatment and priority of every live case by the live strategy; first rule wins.
-- Every decision carries its reasons and the rule it came from. What is restricted is not decided on,
-- so that it stands on no worklist either. Safe to run twice.
DELETE FROM strategy_decision WHERE as_of = %(as_of)s::date;

INSERT INTO strategy_decision
       (as_of, case_id, version_id, rule_position, segment, treatment, priority, reasons)
SELECT %(as_of)s::date, f.case_id, r.version_id, r.position, r.segment, r.treatment,
       r.weight * 100
           + CASE WHEN f.broken THEN 6000 ELSE 0 END
           + CASE WHEN f.promise_due THEN 5000 ELSE 0 END
           + CASE WHEN f.follow_up THEN 2500 ELSE 0 END
           + CASE WHEN f.about_to_roll THEN 1500 ELSE 0 END
           + CASE WHEN f.is_new THEN 1000 ELSE 0 END
           + least(999, f.overdue_minor / 10000)::int,
       coalesce(nullif(array_remove(ARRAY[
           CASE WHEN f.broken THEN 'PROMISE_BROKEN' END,
           CASE WHEN f.promise_due THEN 'PROMISE_DUE' END,
           CASE WHEN f.follow_up THEN 'FOLLOW_UP_DUE' END,
           CASE WHEN f.is_new THEN 'NEW_CASE' END,
           CASE WHEN f.about_to_roll THEN 'ABOUT_TO_ROLL' END,
           CASE WHEN f.paid_part THEN 'PAID_PART' END,
           CASE WHEN f.exposure_minor > f.value_minor THEN 'BALANCE_ABOVE_VALUE' END,
           CASE WHEN f.dpd > 90 THEN 'DEEP_ARREARS' END,
           CASE WHEN f.overdue_minor >= 1000000 THEN 'LARGE_OVERDUE' END], NULL), '{}'),
           ARRAY['IN_ORDER'])
  FROM (SELECT c.id AS case_id, s.dpd_raw AS dpd, s.exposure_minor, v.value_minor,
               s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor
                   AS overdue_minor,
               coalesce(p.broken, 0) AS broken_promises,
               coalesce(p.broken_now, false) AS broken,
               coalesce(p.due_now, false) AS promise_due,
               c.next_step_on = %(as_of)s::date AS follow_up,
               c.opened_on = %(as_of)s::date AS is_new,
               s.bucket BETWEEN 1 AND 6 AND s.dpd_raw %% 30 >= 27 AS about_to_roll,
               a.last_payment_on >= %(as_of)s::date - 7 AS paid_part
          FROM cases_case c
          JOIN arrears_snapshot s ON s.as_of = %(as_of)s::date AND s.contract_id = c.contract_id
          JOIN ledger_account a ON a.contract_id = c.contract_id
          LEFT JOIN vehicles_vehicle v ON v.contract_id = c.contract_id
          LEFT JOIN (SELECT case_id,
                            count(*) FILTER (WHERE state = 'BROKEN') AS broken,
                            bool_or(state IN ('BROKEN', 'PARTLY_KEPT')
                                    AND decided_on = %(as_of)s::date) AS broken_now,
                            bool_or(state = 'OPEN' AND due_on = %(as_of)s::date) AS due_now
                       FROM plans_promise
                      GROUP BY case_id) p ON p.case_id = c.id
         WHERE c.closed_on IS NULL AND NOT c.is_locked) f
 CROSS JOIN LATERAL (
       SELECT r.*
         FROM strategy_rule r
         JOIN strategy_version n ON n.id = r.version_id AND n.is_live
        WHERE f.dpd BETWEEN r.dpd_from AND r.dpd_to
          AND f.overdue_minor >= r.overdue_from_minor
          AND f.broken_promises >= r.broken_promises_from
        ORDER BY r.position
        LIMIT 1) r;

-- The steps that follow plan by today's rows.
CALL access_analyze('strategy_decision');
