-- Back to the evening before: take the allocations off the dues.
UPDATE floor.due d
   SET paid = d.paid - a.amount, paid_on = NULL
  FROM floor.allocation a
 WHERE a.contract_id = d.contract_id
   AND a.seq = d.seq;

VACUUM floor.due;
