-- Write what is overdue on the day, per contract: days past due, bucket, class, amounts, penalty.
-- Safe to run twice. First the late dues alone: the planner takes them for a large part of all
-- dues, though they are few, and must not read the whole schedule for them (partial index).
CREATE TEMP TABLE IF NOT EXISTS arrears_late (LIKE ledger_due) ON COMMIT DELETE ROWS;

DELETE FROM arrears_late;

SET LOCAL enable_seqscan = off;

INSERT INTO arrears_late
SELECT *
  FROM ledger_due
 WHERE settled_on IS NULL
   AND due_on < %(as_of)s::date;

SET LOCAL enable_seqscan = on;

ANALYZE arrears_late;

DELETE FROM arrears_snapshot WHERE as_of = %(as_of)s::date;

INSERT INTO arrears_snapshot
       (as_of, contract_id, lender_id, dpd_raw, dpd_net, bucket, tier, unpaid_dues, oldest_due_on,
        principal_minor, interest_minor, cost_minor, penalty_minor, exposure_minor)
SELECT %(as_of)s::date, contract_id, lender_id, dpd_raw, greatest(0, dpd_raw - grace_days),
       CASE WHEN dpd_raw > grace_days THEN least((dpd_raw + 29) / 30, 7) ELSE 0 END,
       CASE WHEN dpd_raw <= grace_days THEN 1
            WHEN dpd_raw > 360 THEN 5
            WHEN dpd_raw > 270 THEN 4
            WHEN dpd_raw > 90 THEN 3
            ELSE 2 END,
       unpaid_dues, oldest_due_on, principal, interest, cost, penalty, principal_open_minor
  FROM (SELECT o.*, coalesce(%(as_of)s::date - o.oldest_due_on, 0) AS dpd_raw
          FROM (SELECT d.contract_id, t.lender_id, t.grace_days, t.principal_open_minor,
                       min(d.due_on) FILTER (
                           WHERE 100 * (d.principal_minor - d.principal_paid_minor
                                        + d.interest_minor - d.interest_paid_minor)
                               > t.tolerance_pct * (d.principal_minor + d.interest_minor)
                           ) AS oldest_due_on,
                       count(*)::smallint AS unpaid_dues,
                       sum(d.principal_minor - d.principal_paid_minor)::bigint AS principal,
                       sum(d.interest_minor - d.interest_paid_minor)::bigint AS interest,
                       sum(d.cost_minor - d.cost_paid_minor)::bigint AS cost,
                       sum(ledger_penalty(
                               d.minor_days,
                               d.principal_minor - d.principal_paid_minor
                                   + CASE WHEN t.penalty_on_interest
                                          THEN d.interest_minor - d.interest_paid_minor ELSE 0 END,
                               d.accrued_on, d.due_on, %(as_of)s::date, t.penalty_rate_micro,
                               t.penalty_day_basis, t.grace_days, t.penalty_cap_pct,
                               d.principal_minor + d.interest_minor)
                           - d.penalty_paid_minor)::bigint AS penalty
                  FROM arrears_late d
                  JOIN ledger_account t ON t.contract_id = d.contract_id
                 GROUP BY d.contract_id, t.lender_id, t.grace_days, t.principal_open_minor) o
       ) late;

-- The steps that follow plan by today's rows.
CALL access_analyze('arrears_snapshot');
