-- What the case page says above the fold: case, decision, worklist place and neighbours, vehicle.
SELECT k.id AS case_id, k.state, k.opened_on, k.closed_on, k.segment, k.treatment,
       k.collector_id, k.last_worked_at, k.last_result, k.next_step, k.next_step_on,
       coalesce(nullif(keeper.display_name, ''), keeper.username) AS collector_name,
       d.as_of AS decided_on, d.priority, d.reasons, d.segment AS decided_segment,
       d.treatment AS decided_treatment, d.rule_position,
       sv.code AS version_code, sv.title AS version_title,
       w.rank, w.taken_at, w.done_at, w.collector_id AS worked_by_id,
       coalesce(nullif(worker.display_name, ''), worker.username) AS worked_by_name,
       previous.contract_id AS previous_id, following.contract_id AS following_id,
       left_today.waiting, left_today.listed,
       promise.state AS promise_state, promise.amount_minor AS promise_minor,
       promise.due_on AS promise_due_on, broken.times AS broken_promises,
       CASE WHEN v.id IS NOT NULL THEN {vehicle} END AS vehicle
  FROM contracts_contract c
  LEFT JOIN LATERAL (
      -- the live case; else the last one, found through the timeline, whose index it has
      SELECT * FROM (
          SELECT * FROM cases_case WHERE contract_id = c.id AND closed_on IS NULL
          UNION ALL
          SELECT * FROM cases_case
           WHERE id = (SELECT case_id FROM cases_timelineentry
                        WHERE contract_id = c.id ORDER BY id DESC LIMIT 1)
             AND closed_on IS NOT NULL) of_contract
       ORDER BY closed_on IS NOT NULL LIMIT 1) k ON true
  LEFT JOIN workforce_user keeper ON keeper.id = k.collector_id
  LEFT JOIN LATERAL (SELECT * FROM strategy_decision
                      WHERE case_id = k.id AND as_of = %(as_of)s) d ON true
  LEFT JOIN strategy_version sv ON sv.id = d.version_id
  LEFT JOIN assignment_worklistitem w ON w.as_of = %(as_of)s AND w.case_id = k.id
  LEFT JOIN workforce_user worker ON worker.id = w.collector_id
  LEFT JOIN LATERAL (
      SELECT contract_id FROM assignment_worklistitem
       WHERE as_of = %(as_of)s AND collector_id = %(reader_id)s AND w.collector_id = %(reader_id)s
         AND rank < w.rank
       ORDER BY rank DESC LIMIT 1) previous ON true
  LEFT JOIN LATERAL (
      SELECT contract_id FROM assignment_worklistitem
       WHERE as_of = %(as_of)s AND collector_id = %(reader_id)s AND done_at IS NULL
         AND contract_id <> c.id
       ORDER BY (w.collector_id = %(reader_id)s AND rank > w.rank) IS TRUE DESC, rank
       LIMIT 1) following ON true
  LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE done_at IS NULL) AS waiting, count(*) AS listed
        FROM assignment_worklistitem
       WHERE as_of = %(as_of)s AND collector_id = %(reader_id)s) left_today ON true
  LEFT JOIN LATERAL (
      SELECT state, amount_minor, due_on FROM plans_promise
       WHERE contract_id = c.id AND state <> 'REPLACED' ORDER BY id DESC LIMIT 1) promise ON true
  LEFT JOIN LATERAL (
      SELECT count(*) AS times FROM plans_promise
       WHERE contract_id = c.id AND state IN ('BROKEN', 'PARTLY_KEPT')) broken ON true
  LEFT JOIN vehicles_vehicle v ON v.contract_id = c.id
 WHERE c.id = %(contract_id)s
