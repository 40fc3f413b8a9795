-- Write the arrears of past days anew, as known now, of the contracts whose past changed (ledger_past).
-- What was settled of a due by a day is what is settled now less what was valued later. Its
-- minor-days are base x days since it was due, plus each part settled x the days it was late.
CREATE TEMP TABLE IF NOT EXISTS arrears_corrected (LIKE arrears_snapshot) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS arrears_day (
    contract_id bigint, as_of date, PRIMARY KEY (contract_id, as_of)
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS arrears_by_core (contract_id bigint, as_of date)
    ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS arrears_settled (
    contract_id bigint, seq smallint, value_on date, account smallint, minor bigint
) ON COMMIT DELETE ROWS;

DELETE FROM arrears_corrected;

DELETE FROM arrears_day;

DELETE FROM arrears_by_core;

DELETE FROM arrears_settled;

-- The days of which there are snapshots, found by jumping along the index; and the day itself if its
-- night is over, whether or not anything was late.
INSERT INTO arrears_day
  WITH RECURSIVE days AS (
       (SELECT as_of FROM arrears_snapshot
         WHERE as_of >= (SELECT min(since) FROM ledger_past)
         ORDER BY as_of LIMIT 1)
       UNION ALL
       SELECT (SELECT s.as_of FROM arrears_snapshot s
                WHERE s.as_of > d.as_of ORDER BY s.as_of LIMIT 1)
         FROM days d
        WHERE d.as_of IS NOT NULL)
SELECT p.contract_id, d.as_of
  FROM ledger_past p
  JOIN days d ON d.as_of BETWEEN p.since AND %(as_of)s::date
 UNION
SELECT contract_id, %(as_of)s::date
  FROM ledger_past
 WHERE %(night_is_over)s;

-- Where a reversal came after a day, the payment stood on it: core says what was so (see jobs).
INSERT INTO arrears_by_core
SELECT d.contract_id, d.as_of
  FROM arrears_day d
 WHERE EXISTS (SELECT FROM ledger_reversal v
                WHERE v.contract_id = d.contract_id AND v.reversed_on > d.as_of)
    OR EXISTS (SELECT FROM ledger_adjustmentreversal v
                WHERE v.contract_id = d.contract_id AND v.reversed_on > d.as_of);

INSERT INTO arrears_settled
SELECT e.contract_id, e.seq, e.value_on, p.account,
       sum(CASE WHEN e.credit = p.account THEN e.amount_minor ELSE -e.amount_minor END)::bigint
  FROM (SELECT DISTINCT contract_id FROM arrears_day) c
  JOIN ledger_entry e ON e.contract_id = c.contract_id AND e.seq IS NOT NULL
 CROSS JOIN LATERAL (
       SELECT CASE WHEN e.credit BETWEEN 3 AND 6 THEN e.credit ELSE e.debit END AS account) p
 GROUP BY 1, 2, 3, 4
HAVING sum(CASE WHEN e.credit = p.account THEN e.amount_minor ELSE -e.amount_minor END) <> 0;

INSERT INTO arrears_corrected
       (as_of, contract_id, lender_id, dpd_raw, dpd_net, bucket, tier, unpaid_dues, oldest_due_on,
        principal_minor, interest_minor, cost_minor, penalty_minor, exposure_minor)
SELECT as_of, contract_id, lender_id, dpd_raw, greatest(0, dpd_raw - grace_days),
       CASE WHEN dpd_raw > grace_days THEN least((dpd_raw + 29) / 30, 7) ELSE 0 END,
       CASE WHEN dpd_raw <= grace_days THEN 1
            WHEN dpd_raw > 360 THEN 5
            WHEN dpd_raw > 270 THEN 4
            WHEN dpd_raw > 90 THEN 3
            ELSE 2 END,
       unpaid_dues, oldest_due_on, principal, interest, cost, penalty, exposure
  FROM (SELECT o.*, coalesce(o.as_of - o.oldest_due_on, 0) AS dpd_raw
          FROM (SELECT as_of, contract_id, lender_id, grace_days, exposure,
                       min(due_on) FILTER (
                           WHERE 100 * (principal + interest)
                               > tolerance_pct * scheduled) AS oldest_due_on,
                       count(*)::smallint AS unpaid_dues, sum(principal)::bigint AS principal,
                       sum(interest)::bigint AS interest, sum(cost)::bigint AS cost,
                       sum(penalty)::bigint AS penalty
                  FROM (SELECT n.*,
                               greatest(0, ledger_penalty(
                                   CASE WHEN n.principal + n.interest = 0
                                         AND coalesce(n.last_on, n.due_on)
                                             <= n.due_on + n.grace_days
                                        THEN 0 ELSE n.late_minor_days END,
                                   n.principal
                                       + CASE WHEN n.penalty_on_interest THEN n.interest ELSE 0 END,
                                   n.due_on, n.due_on, n.as_of, n.penalty_rate_micro,
                                   n.penalty_day_basis, n.grace_days, n.penalty_cap_pct,
                                   n.scheduled) - n.penalty_paid) AS penalty
                          FROM (SELECT d.as_of, t.*, u.due_on,
                                       u.principal_minor + u.interest_minor AS scheduled,
                                       u.principal_minor - u.principal_paid_minor
                                           + x.principal AS principal,
                                       u.interest_minor - u.interest_paid_minor
                                           + x.interest AS interest,
                                       u.cost_minor - u.cost_paid_minor + x.cost AS cost,
                                       u.penalty_paid_minor - x.penalty AS penalty_paid,
                                       x.late_minor_days, x.last_on,
                                       t.principal_open_minor + later.minor AS exposure
                                  FROM (SELECT contract_id, as_of FROM arrears_day
                                        EXCEPT
                                        SELECT contract_id, as_of FROM arrears_by_core) d
                                  JOIN ledger_account t USING (contract_id)
                                  JOIN ledger_due u ON u.contract_id = d.contract_id
                                                   AND u.due_on < d.as_of
                                 CROSS JOIN LATERAL (
                                       SELECT coalesce(sum(s.minor), 0)::bigint AS minor
                                         FROM arrears_settled s
                                        WHERE s.contract_id = d.contract_id
                                          AND s.account = 6 AND s.value_on > d.as_of) later
                                 CROSS JOIN LATERAL (
                                       SELECT coalesce(sum(minor) FILTER (
                                                  WHERE account = 6 AND value_on > d.as_of),
                                                  0)::bigint AS principal,
                                              coalesce(sum(minor) FILTER (
                                                  WHERE account = 5 AND value_on > d.as_of),
                                                  0)::bigint AS interest,
                                              coalesce(sum(minor) FILTER (
                                                  WHERE account = 3 AND value_on > d.as_of),
                                                  0)::bigint AS cost,
                                              coalesce(sum(minor) FILTER (
                                                  WHERE account = 4 AND value_on > d.as_of),
                                                  0)::bigint AS penalty,
                                              coalesce(sum(minor * greatest(0, value_on - u.due_on))
                                                  FILTER (WHERE value_on <= d.as_of
                                                            AND (account = 6 OR account = 5
                                                                 AND t.penalty_on_interest)),
                                                  0)::bigint AS late_minor_days,
                                              max(value_on) FILTER (
                                                  WHERE value_on <= d.as_of AND account IN (5, 6))
                                                  AS last_on
                                         FROM arrears_settled s
                                        WHERE s.contract_id = u.contract_id
                                          AND s.seq = u.seq) x) n) dues
                 WHERE principal + interest + cost + penalty > 0
                 GROUP BY as_of, contract_id, lender_id, grace_days, exposure) o) late;
