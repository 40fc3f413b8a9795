-- Takes in the instalments which intake has judged new or changed; what was paid before the
-- hand-over counts as paid on its due date. The open principal of their accounts follows.
UPDATE ledger_due d
   SET due_on = j.due_on, accrued_on = j.due_on, principal_minor = j.principal_minor,
       interest_minor = j.interest_minor, cost_minor = j.cost_minor,
       principal_paid_minor = j.principal_paid_minor,
       interest_paid_minor = j.interest_paid_minor, cost_paid_minor = j.cost_paid_minor,
       settled_on = CASE WHEN j.principal_minor = j.principal_paid_minor
                              AND j.interest_minor = j.interest_paid_minor
                              AND j.cost_minor = j.cost_paid_minor THEN j.due_on END
  FROM intake_judged_instalments j
 WHERE j.outcome = 'C' AND d.contract_id = j.contract_id AND d.seq = j.seq;

INSERT INTO ledger_due
       (contract_id, seq, due_on, accrued_on, settled_on, principal_minor, interest_minor,
        cost_minor, principal_paid_minor, interest_paid_minor, cost_paid_minor)
SELECT contract_id, seq, due_on, due_on,
       CASE WHEN principal_minor = principal_paid_minor AND interest_minor = interest_paid_minor
                 AND cost_minor = cost_paid_minor THEN due_on END,
       principal_minor, interest_minor, cost_minor, principal_paid_minor, interest_paid_minor,
       cost_paid_minor
  FROM intake_judged_instalments
 WHERE outcome = 'N'
 ORDER BY contract_id, seq;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('ledger_due');

UPDATE ledger_account a
   SET principal_open_minor = o.principal_open
  FROM (SELECT d.contract_id, sum(d.principal_minor - d.principal_paid_minor) AS principal_open
          FROM ledger_due d
         WHERE d.contract_id IN (SELECT j.contract_id FROM intake_judged_instalments j
                                  WHERE j.outcome IN ('N', 'C'))
         GROUP BY d.contract_id) o
 WHERE a.contract_id = o.contract_id;
