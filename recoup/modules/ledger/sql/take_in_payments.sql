-- Takes in the payments which intake has judged new; the night posts them.
INSERT INTO ledger_payment
       (contract_id, value_on, amount_minor, currency, channel, reference, received_at,
        recorded_by)
SELECT contract_id, paid_on, amount_minor, currency, channel, reference, %(at)s, %(actor_id)s
  FROM intake_judged_payments
 WHERE outcome = 'N'
 ORDER BY row_number
    ON CONFLICT (contract_id, reference) WHERE reference <> '' DO NOTHING;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('ledger_payment');
