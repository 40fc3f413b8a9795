-- Line up every payment to be posted, and lock its account.
-- An account is derived anew when a payment is older than its last posted one, or was reversed.
-- Accounts are locked in the order of their numbers, so that no two postings wait for each other.
INSERT INTO ledger_locked
SELECT a.contract_id, a.penalty_rate_micro, a.penalty_day_basis, a.penalty_on_interest,
       a.penalty_cap_pct, a.grace_days, a.allocation_rule_id, a.last_payment_on, a.last_payment_id,
       false
  FROM ledger_account a
  JOIN (SELECT contract_id
          FROM ledger_payment
         WHERE posted_at IS NULL
           AND value_on <= %(as_of)s::date
           AND (%(contract_id)s::bigint IS NULL OR contract_id = %(contract_id)s::bigint)
        UNION
        SELECT contract_id
          FROM ledger_reversal
         WHERE posted_at IS NULL
           AND reversed_on <= %(as_of)s::date
           AND (%(contract_id)s::bigint IS NULL OR contract_id = %(contract_id)s::bigint)) news
    ON news.contract_id = a.contract_id
 ORDER BY a.contract_id
   FOR UPDATE OF a;

ANALYZE ledger_locked;

-- What is new is read only now, under the lock.
UPDATE ledger_locked a
   SET rederive = true
  FROM (SELECT l.contract_id
          FROM ledger_locked l
          JOIN ledger_payment p
            ON p.contract_id = l.contract_id
           AND p.posted_at IS NULL
           AND p.value_on <= l.last_payment_on
         WHERE (p.value_on, p.id) < (l.last_payment_on, l.last_payment_id)
        UNION
        SELECT v.contract_id
          FROM ledger_reversal v
         WHERE v.posted_at IS NULL
           AND v.reversed_on <= %(as_of)s::date
           AND (%(contract_id)s::bigint IS NULL OR v.contract_id = %(contract_id)s::bigint)) late
 WHERE a.contract_id = late.contract_id;

INSERT INTO ledger_queue
SELECT p.id, p.contract_id, p.value_on, p.amount_minor,
       (row_number() OVER (PARTITION BY p.contract_id ORDER BY p.value_on, p.id))::int,
       a.penalty_rate_micro, a.penalty_day_basis, a.penalty_on_interest, a.penalty_cap_pct,
       a.grace_days, r.by_instalment, r.cost_rank, r.penalty_rank, r.interest_rank,
       r.principal_rank
  FROM ledger_locked a
  JOIN ledger_allocationrule r ON r.code = a.allocation_rule_id
 CROSS JOIN LATERAL (
       SELECT p.id, p.contract_id, p.value_on, p.amount_minor
         FROM ledger_payment p
        WHERE p.contract_id = a.contract_id
          AND p.value_on <= %(as_of)s::date
          AND (p.posted_at IS NULL OR a.rederive)
          AND NOT EXISTS (SELECT 1 FROM ledger_reversal v
                           WHERE v.payment_id = p.id AND v.reversed_on <= %(as_of)s::date)
       OFFSET 0) p;

ANALYZE ledger_queue;
