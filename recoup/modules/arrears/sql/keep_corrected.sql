-- Put the corrected arrears in the place of what the nights had found, and keep that as history.
INSERT INTO arrears_formersnapshot
       (as_of, contract_id, lender_id, known_until, dpd_raw, dpd_net, bucket, tier, unpaid_dues, oldest_due_on,
       principal_minor, interest_minor, cost_minor, penalty_minor, exposure_minor)
SELECT d.as_of, d.contract_id, a.lender_id, %(at)s, s.dpd_raw, s.dpd_net, s.bucket, s.tier,
       s.unpaid_dues, s.oldest_due_on, s.principal_minor, s.interest_minor, s.cost_minor,
       s.penalty_minor, s.exposure_minor
  FROM arrears_day d
  JOIN ledger_account a USING (contract_id)
  LEFT JOIN arrears_snapshot s USING (as_of, contract_id)
  LEFT JOIN arrears_corrected c USING (as_of, contract_id)
 WHERE (s.*) IS DISTINCT FROM (c.*);

DELETE FROM arrears_snapshot s
 USING arrears_day d
 WHERE s.as_of = d.as_of
   AND s.contract_id = d.contract_id;

INSERT INTO arrears_snapshot
       (as_of, contract_id, lender_id, dpd_raw, dpd_net, bucket, tier, unpaid_dues, oldest_due_on,
       principal_minor, interest_minor, cost_minor, penalty_minor, exposure_minor)
SELECT as_of, contract_id, lender_id, dpd_raw, dpd_net, bucket, tier, unpaid_dues, oldest_due_on,
       principal_minor, interest_minor, cost_minor, penalty_minor, exposure_minor
  FROM arrears_corrected;
