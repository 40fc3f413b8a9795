-- Note whose past changes by what is about to be posted, from which day, and which money it was.
-- A reversed payment stood until it was reversed; for promises it never was there.
CREATE TEMP TABLE IF NOT EXISTS ledger_past (
    contract_id bigint PRIMARY KEY, since date, money_since date
) ON COMMIT DELETE ROWS;

DELETE FROM ledger_past;

INSERT INTO ledger_past
SELECT contract_id, min(since), min(money_since)
  FROM (SELECT p.contract_id, p.value_on AS since, p.value_on AS money_since
          FROM ledger_locked l
          JOIN ledger_payment p USING (contract_id)
         WHERE p.posted_at IS NULL
           AND p.value_on < %(as_of)s::date
        UNION ALL
        SELECT v.contract_id, v.reversed_on, p.value_on
          FROM ledger_locked l
          JOIN ledger_reversal v USING (contract_id)
          JOIN ledger_payment p ON p.id = v.payment_id
         WHERE v.posted_at IS NULL
           AND v.reversed_on <= %(as_of)s::date
        UNION ALL
        SELECT j.contract_id, j.value_on, j.value_on
          FROM ledger_locked l
          JOIN ledger_adjustment j USING (contract_id)
         WHERE j.posted_at IS NULL
           AND j.value_on < %(as_of)s::date
        UNION ALL
        SELECT v.contract_id, v.reversed_on, v.reversed_on
          FROM ledger_locked l
          JOIN ledger_adjustmentreversal v USING (contract_id)
         WHERE v.posted_at IS NULL
           AND v.reversed_on < %(as_of)s::date) changes
 GROUP BY contract_id
HAVING least(min(since), min(money_since)) < %(as_of)s::date;
