-- The day's flow between buckets, over lenders; of a team, or of everybody.
SELECT currency, from_bucket, to_bucket, sum(contracts)::bigint AS contracts,
       sum(overdue_minor)::bigint AS overdue_minor, sum(exposure_minor)::bigint AS exposure_minor
  FROM analytics_dayflow
 WHERE as_of = %(as_of)s
   AND (%(team_id)s::bigint IS NULL OR team_id = %(team_id)s::bigint)
 GROUP BY currency, from_bucket, to_bucket
 ORDER BY currency, from_bucket, to_bucket;
