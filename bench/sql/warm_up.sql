-- Read once what the night reads: the late dues, and those of the contracts that pay.
SELECT count(*), sum(d.minor_days), sum(a.principal_open_minor)
  FROM ledger_due d
  JOIN ledger_account a USING (contract_id)
 WHERE d.settled_on IS NULL
   AND d.due_on < %(as_of)s::date;

SELECT count(*), sum(d.minor_days), sum(a.principal_open_minor)
  FROM ledger_payment p
  JOIN ledger_account a USING (contract_id)
 CROSS JOIN LATERAL (
       SELECT minor_days
         FROM ledger_due
        WHERE contract_id = p.contract_id
          AND settled_on IS NULL
        ORDER BY seq
        LIMIT 8) d
 WHERE p.posted_at IS NULL;

SELECT count(*), sum(v.value_minor)
  FROM cases_case c
  JOIN vehicles_vehicle v USING (contract_id);
