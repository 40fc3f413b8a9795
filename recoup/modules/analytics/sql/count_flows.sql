-- Count the day's flow between buckets since the last night, per lender, team and currency.
-- Bucket 0 on the left is "was not late", on the right "is not late any more". Safe to run twice.
DELETE FROM analytics_dayflow WHERE as_of = %(as_of)s::date;

INSERT INTO analytics_dayflow
       (as_of, lender_id, team_id, currency, from_bucket, to_bucket, contracts, overdue_minor,
        exposure_minor)
SELECT %(as_of)s::date, f.lender_id, u.team_id, a.currency, f.from_bucket, f.to_bucket, count(*),
       sum(f.overdue_minor), sum(f.exposure_minor)
  FROM (SELECT contract_id, coalesce(t.lender_id, y.lender_id) AS lender_id,
               coalesce(y.bucket, 0) AS from_bucket, coalesce(t.bucket, 0) AS to_bucket,
               coalesce(t.principal_minor + t.interest_minor + t.cost_minor + t.penalty_minor, 0)
                   AS overdue_minor,
               coalesce(t.exposure_minor, 0) AS exposure_minor
          FROM (SELECT * FROM arrears_snapshot WHERE as_of = %(as_of)s::date) t
          FULL JOIN (SELECT * FROM arrears_snapshot
                      WHERE as_of = (SELECT max(as_of) FROM arrears_snapshot
                                      WHERE as_of < %(as_of)s::date)) y USING (contract_id)) f
  JOIN ledger_account a USING (contract_id)
  LEFT JOIN LATERAL (SELECT c.collector_id FROM cases_case c
                      WHERE c.contract_id = f.contract_id AND c.closed_on IS NULL) c ON true
  LEFT JOIN workforce_user u ON u.id = c.collector_id
 WHERE f.from_bucket > 0 OR f.to_bucket > 0
 GROUP BY f.lender_id, u.team_id, a.currency, f.from_bucket, f.to_bucket;
