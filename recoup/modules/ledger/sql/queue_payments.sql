-- Line up every payment and adjustment to be posted, and lock its account.
-- An account is derived anew when an event is older than its last posted one, or was reversed.
-- Accounts are locked in the order of their numbers, so that no two postings wait for each other.
INSERT INTO ledger_locked
SELECT a.contract_id, a.penalty_rate_micro, a.penalty_day_basis, a.penalty_on_interest,
       a.penalty_cap_pct, a.grace_days, a.allocation_rule_id, a.last_payment_on, a.last_payment_id,
       a.last_adjustment_on, a.last_adjustment_id, false
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
           AND (%(contract_id)s::bigint IS NULL OR contract_id = %(contract_id)s::bigint)
        UNION
        SELECT contract_id
          FROM ledger_adjustment
         WHERE posted_at IS NULL
           AND value_on <= %(as_of)s::date
           AND (%(contract_id)s::bigint IS NULL OR contract_id = %(contract_id)s::bigint)
        UNION
        SELECT contract_id
          FROM ledger_adjustmentreversal
         WHERE posted_at IS NULL
           AND reversed_on <= %(as_of)s::date
           AND (%(contract_id)s::bigint IS NULL OR contract_id = %(contract_id)s::bigint)) news
    ON news.contract_id = a.contract_id
 ORDER BY a.contract_id
   FOR UPDATE OF a;

ANALYZE ledger_locked;

-- What is new is read only now, under the lock. On one day payments come before adjustments.
UPDATE ledger_locked a
   SET rederive = true
  FROM (SELECT l.contract_id
          FROM ledger_locked l
          JOIN ledger_payment p
            ON p.contract_id = l.contract_id
           AND p.posted_at IS NULL
           AND p.value_on <= greatest(l.last_payment_on, l.last_adjustment_on)
         WHERE (p.value_on, p.id) < (l.last_payment_on, l.last_payment_id)
            OR p.value_on <= l.last_adjustment_on
        UNION
        SELECT l.contract_id
          FROM ledger_locked l
          JOIN ledger_adjustment j
            ON j.contract_id = l.contract_id
           AND j.posted_at IS NULL
           AND j.value_on <= %(as_of)s::date
         WHERE (j.value_on, j.id) < (l.last_adjustment_on, l.last_adjustment_id)
            OR j.value_on < l.last_payment_on
        UNION
        SELECT v.contract_id
          FROM ledger_reversal v
         WHERE v.posted_at IS NULL
           AND v.reversed_on <= %(as_of)s::date
           AND (%(contract_id)s::bigint IS NULL OR v.contract_id = %(contract_id)s::bigint)
        UNION
        SELECT v.contract_id
          FROM ledger_adjustmentreversal v
         WHERE v.posted_at IS NULL
           AND v.reversed_on <= %(as_of)s::date
           AND (%(contract_id)s::bigint IS NULL OR v.contract_id = %(contract_id)s::bigint)) late
 WHERE a.contract_id = late.contract_id;

INSERT INTO ledger_queue
SELECT p.source_kind, p.id, p.contract_id, p.value_on, p.amount_minor,
       (row_number() OVER (PARTITION BY p.contract_id
                           ORDER BY p.value_on, p.source_kind, p.id))::int,
       p.settles_from, p.arrives_on, p.only_seq, p.only_account,
       a.penalty_rate_micro, a.penalty_day_basis, a.penalty_on_interest, a.penalty_cap_pct,
       a.grace_days, r.by_instalment, r.cost_rank, r.penalty_rank, r.interest_rank,
       r.principal_rank
  FROM ledger_locked a
  JOIN ledger_allocationrule r ON r.code = a.allocation_rule_id
 CROSS JOIN LATERAL (
       SELECT 1::smallint AS source_kind, p.id, p.contract_id, p.value_on, p.amount_minor,
              2::smallint AS settles_from,
              CASE WHEN p.receipt_id IS NULL THEN 1 ELSE 9 END::smallint AS arrives_on,
              NULL::smallint AS only_seq, NULL::smallint AS only_account
         FROM ledger_payment p
        WHERE p.contract_id = a.contract_id
          AND p.value_on <= %(as_of)s::date
          AND (p.posted_at IS NULL OR a.rederive)
          AND NOT EXISTS (SELECT 1 FROM ledger_reversal v
                           WHERE v.payment_id = p.id AND v.reversed_on <= %(as_of)s::date)
       UNION ALL
       SELECT 2::smallint, j.id, j.contract_id, j.value_on, j.amount_minor,
              CASE j.kind WHEN 'WAIVER' THEN 7 WHEN 'WRITE_OFF' THEN 8 END::smallint,
              NULL, j.seq,
              CASE j.part WHEN 'COST' THEN 3 WHEN 'PENALTY' THEN 4
                          WHEN 'INTEREST' THEN 5 WHEN 'PRINCIPAL' THEN 6 END::smallint
         FROM ledger_adjustment j
        WHERE j.contract_id = a.contract_id
          AND j.value_on <= %(as_of)s::date
          AND (j.posted_at IS NULL OR a.rederive)
          AND NOT EXISTS (SELECT 1 FROM ledger_adjustmentreversal v
                           WHERE v.adjustment_id = j.id AND v.reversed_on <= %(as_of)s::date)
       OFFSET 0) p;

ANALYZE ledger_queue;
