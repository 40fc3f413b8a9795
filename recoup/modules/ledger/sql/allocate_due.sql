-- Share out one payment, waiver or write-off per account over everything that has fallen due, in the
-- account's order.
-- OFFSET 0 keeps the dues a look-up per payment: as a plain join it reads the whole schedule.
INSERT INTO ledger_allocated
SELECT source_kind, source_id, contract_id, value_on, %(ordinal)s, seq, settles_from, account,
       least(open_minor, amount_minor - (running - open_minor))
  FROM (SELECT q.source_kind, q.source_id, q.contract_id, q.value_on, q.amount_minor,
               q.settles_from, d.seq, c.account, c.open_minor,
               sum(c.open_minor) OVER (
                   PARTITION BY q.contract_id
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
           AND q.settles_from IS NOT NULL
           AND NOT q.by_core
           AND c.open_minor > 0
           AND d.seq = coalesce(q.only_seq, d.seq)
           AND c.account = coalesce(q.only_account, c.account)) items
 WHERE running - open_minor < amount_minor;

ANALYZE ledger_allocated;
