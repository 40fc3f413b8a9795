-- Write one round of allocations onto the dues: paid parts, minor-days up to the day, settled or not.
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
  FROM (SELECT g.*, q.penalty_rate_micro, q.penalty_day_basis, q.grace_days, q.penalty_cap_pct,
               CASE WHEN o.interest_minor = o.interest_paid_minor + g.interest
                     AND o.principal_minor = o.principal_paid_minor + g.principal
                     AND g.value_on <= o.due_on + q.grace_days THEN 0
                    ELSE o.minor_days
                         + (o.principal_minor - o.principal_paid_minor
                            + CASE WHEN q.penalty_on_interest
                                   THEN o.interest_minor - o.interest_paid_minor ELSE 0 END)
                           * greatest(0, g.value_on - o.accrued_on) END AS minor_days
          FROM (SELECT payment_id, contract_id, seq, value_on,
                       coalesce(sum(amount_minor) FILTER (WHERE account = 3), 0)::bigint AS cost,
                       coalesce(sum(amount_minor) FILTER (WHERE account = 4), 0)::bigint AS penalty,
                       coalesce(sum(amount_minor) FILTER (WHERE account = 5), 0)::bigint AS interest,
                       coalesce(sum(amount_minor) FILTER (WHERE account = 6), 0)::bigint
                           AS principal
                  FROM ledger_allocated
                 WHERE ordinal = %(ordinal)s
                 GROUP BY payment_id, contract_id, seq, value_on) g
          JOIN ledger_queue q USING (payment_id)
          JOIN ledger_due o ON o.contract_id = g.contract_id AND o.seq = g.seq) x
 WHERE d.contract_id = x.contract_id
   AND d.seq = x.seq;
