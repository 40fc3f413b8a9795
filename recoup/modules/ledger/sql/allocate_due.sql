-- Share out one payment per account over everything that has fallen due, in the account's order.
-- OFFSET 0 keeps the dues a look-up per payment: as a plain join it reads the whole schedule.
INSERT INTO ledger_allocated
SELECT payment_id, contract_id, value_on, %(ordinal)s, seq, account,
       least(open_minor, amount_minor - (running - open_minor))
  FROM (SELECT q.payment_id, q.contract_id, q.value_on, q.amount_minor, d.seq, c.account,
               c.open_minor,
               sum(c.open_minor) OVER (
                   PARTITION BY q.payment_id
                   ORDER BY CASE WHEN q.by_instalment THEN d.seq::int * 10 + c.rank
                                 ELSE c.rank * 100000 + d.seq END)::bigint AS running
          FROM ledger_queue q
         CROSS JOIN LATERAL (
               SELECT seq,
                      cost_minor - cost_paid_minor AS cost,
                      interest_minor - interest_paid_minor AS interest,
                      principal_minor - principal_paid_minor AS principal,
                      ledger_penalty(
                          minor_days,
                          principal_minor - principal_paid_minor
                              + CASE WHEN q.penalty_on_interest
                                     THEN interest_minor - interest_paid_minor ELSE 0 END,
                          accrued_on, due_on, q.value_on, q.penalty_rate_micro,
                          q.penalty_day_basis, q.grace_days, q.penalty_cap_pct,
                          principal_minor + interest_minor) - penalty_paid_minor AS penalty
                 FROM ledger_due
                WHERE contract_id = q.contract_id
                  AND settled_on IS NULL
                  AND due_on <= q.value_on
               OFFSET 0) d
         CROSS JOIN LATERAL (
               VALUES (3, d.cost, q.cost_rank), (4, d.penalty, q.penalty_rank),
                      (5, d.interest, q.interest_rank), (6, d.principal, q.principal_rank)
               ) c (account, open_minor, rank)
         WHERE q.ordinal = %(ordinal)s
           AND c.open_minor > 0) items
 WHERE running - open_minor < amount_minor;

ANALYZE ledger_allocated;
