-- Post: book the day's payments and let each settle its contract's oldest open dues.
INSERT INTO floor.payment (contract_id, amount, on_day)
SELECT contract_id, amount, %(as_of)s::date FROM floor.received;

CREATE TEMP TABLE money ON COMMIT DROP AS
SELECT contract_id, sum(amount)::bigint AS amount
  FROM floor.received
 GROUP BY contract_id
 ORDER BY contract_id;

ANALYZE money;

SET LOCAL enable_hashjoin = off;

SET LOCAL enable_mergejoin = off;

-- A look-up of at most six open dues per payment, never a join over all of them.
INSERT INTO floor.allocation
SELECT m.contract_id, d.seq, least(d.open, m.amount - d.before)
  FROM money m
 CROSS JOIN LATERAL (
       SELECT seq, open, (sum(open) OVER (ORDER BY seq))::bigint - open AS before
         FROM (SELECT seq, amount - paid AS open
                 FROM floor.due
                WHERE contract_id = m.contract_id
                  AND paid < amount
                ORDER BY seq
                LIMIT 6) first) d
 WHERE d.before < m.amount;

ANALYZE floor.allocation;

UPDATE floor.due d
   SET paid = d.paid + a.amount, paid_on = %(as_of)s::date
  FROM floor.allocation a
 WHERE a.contract_id = d.contract_id
   AND a.seq = d.seq;

SET LOCAL enable_hashjoin = on;
