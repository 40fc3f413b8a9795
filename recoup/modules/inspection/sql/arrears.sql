-- What the nights until the day had written of the arrears, the last thirty of them.
SELECT s.as_of, s.dpd_raw, s.dpd_net, s.bucket, s.tier, s.unpaid_dues, s.oldest_due_on,
       s.principal_minor, s.interest_minor, s.cost_minor, s.penalty_minor, s.exposure_minor
  FROM arrears_snapshot s
 WHERE s.contract_id = %(contract_id)s AND s.as_of <= %(as_of)s
 ORDER BY s.as_of DESC LIMIT 30
