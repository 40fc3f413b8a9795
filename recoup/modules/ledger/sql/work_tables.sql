-- The posting's work tables: made once per connection, empty again after each transaction.
-- A queued event settles from account 2 (a payment's money), 7 or 8 (what is waived, written off) and
-- is bound to a due or an account where it says so; a refund settles nothing. What core shares out
-- instead of the rounds is marked `by_core`.
CREATE TEMP TABLE IF NOT EXISTS ledger_locked (
    contract_id bigint PRIMARY KEY, penalty_rate_micro int, penalty_day_basis smallint,
    penalty_on_interest boolean, penalty_cap_pct smallint, grace_days smallint,
    allocation_rule_id varchar, last_payment_on date, last_payment_id bigint,
    last_adjustment_on date, last_adjustment_id bigint, rederive boolean
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS ledger_queue (
    source_kind smallint, source_id bigint, contract_id bigint, value_on date, amount_minor bigint,
    ordinal int, settles_from smallint, arrives_on smallint, only_seq smallint,
    only_account smallint, penalty_rate_micro int, penalty_day_basis smallint,
    penalty_on_interest boolean, penalty_cap_pct smallint, grace_days smallint,
    by_instalment boolean, cost_rank smallint, penalty_rank smallint, interest_rank smallint,
    principal_rank smallint, by_core boolean DEFAULT false
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS ledger_allocated (
    source_kind smallint, source_id bigint, contract_id bigint, value_on date, ordinal int,
    seq smallint, debit smallint, credit smallint, amount_minor bigint
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS ledger_round (
    contract_id bigint, seq smallint, value_on date, cost bigint, penalty bigint, interest bigint,
    principal bigint, minor_days bigint, penalty_rate_micro int, penalty_day_basis smallint,
    penalty_cap_pct smallint, grace_days smallint
) ON COMMIT DELETE ROWS;

CREATE TEMP TABLE IF NOT EXISTS ledger_before (
    source_kind smallint, source_id bigint, contract_id bigint, value_on date, seq smallint,
    debit smallint, credit smallint, amount_minor bigint
) ON COMMIT DELETE ROWS;

DELETE FROM ledger_locked;

DELETE FROM ledger_queue;

DELETE FROM ledger_allocated;

DELETE FROM ledger_before;
