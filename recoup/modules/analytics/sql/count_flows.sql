-- Count the day's flow between buckets since the last night, per lender, team and currency.
-- What had been known of that night counts, not what a later payment made of it (ADR 44).
-- Bucket 0 on the left is "was not late", on the right "is not late any more". Safe to run twice.
DELETE FROM analytics_dayflow WHERE as_of = %(as_of)s::date;

INSERT INTO analytics_dayflow
       (as_of, lender_id, team_id, currency, from_bucket, to_bucket, contracts, overdue_minor,
        exposure_minor)
  WITH before AS (
       SELECT max(as_of) AS as_of FROM arrears_snapshot WHERE as_of < %(as_of)s::date)
SELECT %(as_of)s::date, f.lender_id, u.team_id, a.currency, f.from_bucket, f.to_bucket, count(*),
       sum(f.overdue_minor), sum(f.exposure_minor)
  FROM (SELECT contract_id, coalesce(t.lender_id, y.lender_id) AS lender_id,
               coalesce(y.bucket, 0) AS from_bucket, coalesce(t.bucket, 0) AS to_bucket,
               coalesce(t.principal_minor + t.interest_minor + t.cost_minor + t.penalty_minor, 0)
                   AS overdue_minor,
               coalesce(t.exposure_minor, 0) AS exposure_minor
          FROM (SELECT * FROM arrears_snapshot WHERE as_of = %(as_of)s::date) t
          FULL JOIN (SELECT s.contract_id, s.lender_id, s.bucket
                       FROM arrears_snapshot s
                      WHERE s.as_of = (SELECT as_of FROM before)
                        AND NOT EXISTS (SELECT FROM arrears_formersnapshot h
                                         WHERE h.as_of = s.as_of
                                           AND h.contract_id = s.contract_id)
                      UNION ALL
                     (SELECT DISTINCT ON (contract_id) contract_id, lender_id, bucket
                        FROM arrears_formersnapshot
                       WHERE as_of = (SELECT as_of FROM before)
                       ORDER BY contract_id, known_until)) y USING (contract_id)) f
  JOIN ledger_account a USING (contract_id)
  LEFT JOIN LATERAL (SELECT c.collector_id FROM cases_case c
                      WHERE c.contract_id = f.contract_id AND c.closed_on IS NULL) c ON true
  LEFT JOIN workforce_user u ON u.id = c.collector_id
 WHERE f.from_bucket > 0 OR f.to_bucket > 0
 GROUP BY f.lender_id, u.team_id, a.currency, f.from_bucket, f.to_bucket;
