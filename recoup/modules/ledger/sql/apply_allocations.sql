-- Write one round of allocations onto the dues: paid parts, minor-days up to the day, settled or not.
DELETE FROM ledger_round;

INSERT INTO ledger_round
SELECT g.contract_id, g.seq, q.value_on, g.cost, g.penalty, g.interest, g.principal,
       CASE WHEN o.interest_open = g.interest AND o.principal_open = g.principal
             AND q.value_on <= o.due_on + q.grace_days THEN 0
            ELSE o.minor_days
                 + (o.principal_open
                    + CASE WHEN q.penalty_on_interest THEN o.interest_open ELSE 0 END)
                   * greatest(0, q.value_on - o.accrued_on) END,
       q.penalty_rate_micro, q.penalty_day_basis, q.penalty_cap_pct, q.grace_days
  FROM (SELECT contract_id, seq,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 3), 0)::bigint AS cost,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 4), 0)::bigint AS penalty,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 5), 0)::bigint AS interest,
               coalesce(sum(amount_minor) FILTER (WHERE credit = 6), 0)::bigint AS principal
          FROM ledger_allocated
         WHERE ordinal = %(ordinal)s
           AND seq IS NOT NULL
         GROUP BY contract_id, seq) g
  JOIN ledger_queue q ON q.contract_id = g.contract_id AND q.ordinal = %(ordinal)s
 CROSS JOIN LATERAL (
       SELECT due_on, accrued_on, minor_days,
              interest_minor - interest_paid_minor AS interest_open,
              principal_minor - principal_paid_minor AS principal_open
         FROM ledger_due d
        WHERE d.contract_id = g.contract_id
          AND d.seq = g.seq
       OFFSET 0) o;

ANALYZE ledger_round;

-- A look-up per due touched, however many dues there are.
SET LOCAL enable_hashjoin = off;

SET LOCAL enable_mergejoin = off;

UPDATE ledger_due d
   SET cost_paid_minor = d.cost_paid_minor + x.cost,
       penalty_paid_minor = d.penalty_paid_minor + x.penalty,
       interest_paid_minor = d.interest_paid_minor + x.interest,
       principal_paid_minor = d.principal_paid_minor + x.principal,
       minor_days = x.minor_days,
       accrued_on = greatest(d.accrued_on, x.value_on),
       settled_on = CASE
           WHEN d.cost_minor = d.cost_paid_minor + x.cost
            AND d.interest_minor = d.interest_paid_minor + x.interest
            AND d.principal_minor = d.principal_paid_minor + x.principal
            AND ledger_penalty(x.minor_days, 0, x.value_on, d.due_on, x.value_on,
                               x.penalty_rate_micro, x.penalty_day_basis, x.grace_days,
                               x.penalty_cap_pct, d.principal_minor + d.interest_minor)
                <= d.penalty_paid_minor + x.penalty
           THEN x.value_on END
  FROM ledger_round x
 WHERE d.contract_id = x.contract_id
   AND d.seq = x.seq;

SET LOCAL enable_hashjoin = on;

SET LOCAL enable_mergejoin = on;
