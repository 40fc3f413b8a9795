-- Everything that is kept for a time, since when that time runs, and what a hold keeps from going.

-- When a contract ended: every due settled and no live case, or the lender says it is settled. One
-- that was charged off is still owed, so it has not ended. Null: not ended, or nobody knows when.
CREATE FUNCTION access_contract_ends()
RETURNS TABLE (contract_id bigint, lender_id bigint, ended_on date)
LANGUAGE sql STABLE AS $$
SELECT k.id, k.lender_id,
       CASE WHEN k.state = 'CHARGED_OFF'
              OR EXISTS (SELECT FROM cases_case c WHERE c.contract_id = k.id AND c.closed_on IS NULL)
              OR (k.state <> 'SETTLED'
                  AND (EXISTS (SELECT FROM ledger_due d
                                WHERE d.contract_id = k.id AND d.settled_on IS NULL)
                       OR NOT EXISTS (SELECT FROM ledger_due d WHERE d.contract_id = k.id)))
            THEN NULL
            ELSE coalesce(
                greatest((SELECT max(d.settled_on) FROM ledger_due d WHERE d.contract_id = k.id),
                         (SELECT a.last_payment_on FROM ledger_account a WHERE a.contract_id = k.id),
                         (SELECT max(c.closed_on) FROM cases_case c WHERE c.contract_id = k.id)),
                k.matures_on)
       END
  FROM contracts_contract k
$$;

-- Which part somebody plays in which contract.
CREATE FUNCTION access_parts()
RETURNS TABLE (party_id bigint, contract_id bigint, role text)
LANGUAGE sql STABLE AS $$
SELECT k.borrower_id, k.id, 'BORROWER' FROM contracts_contract k
 UNION ALL
SELECT n.party_id, n.contract_id, n.role::text FROM contracts_contractparty n
$$;

-- What is kept, and since when its time runs (null: not yet). Somebody who owes or vouches is free
-- when the last of their contracts has ended; who was forgotten already is not here.
CREATE FUNCTION access_retained()
RETURNS TABLE (kind text, subject_id bigint, lender_id bigint, ended_on date)
LANGUAGE sql STABLE AS $$
SELECT CASE WHEN bool_or(o.role <> 'CONTACT') THEN 'OBLIGOR' ELSE 'THIRD_PERSON' END,
       p.id, p.lender_id,
       CASE WHEN bool_or(e.ended_on IS NULL) THEN NULL ELSE max(e.ended_on) END
  FROM parties_party p
  JOIN access_parts() o ON o.party_id = p.id
  JOIN access_contract_ends() e ON e.contract_id = o.contract_id
 WHERE p.name_masked <> '***'
 GROUP BY p.id, p.lender_id
 UNION ALL
SELECT 'NOTES', e.contract_id, e.lender_id, e.ended_on
  FROM access_contract_ends() e
 WHERE EXISTS (SELECT FROM cases_timelineentry t
                WHERE t.contract_id = e.contract_id
                  AND (coalesce(t.facts ->> 'note', '') <> '' OR t.facts ? 'reason'))
 UNION ALL
SELECT 'VEHICLE', e.contract_id, e.lender_id, e.ended_on
  FROM access_contract_ends() e
  JOIN vehicles_vehicle v ON v.contract_id = e.contract_id
 WHERE v.plate_sealed IS NOT NULL OR v.vin_sealed IS NOT NULL
 UNION ALL
SELECT 'QUARANTINE', b.id, b.lender_id, b.received_at::date
  FROM intake_batch b
 WHERE EXISTS (SELECT FROM intake_quarantinedrow q WHERE q.batch_id = b.id)
$$;

-- Whether a standing hold, or a person's open request, keeps something from being forgotten.
CREATE FUNCTION access_is_held(a_kind text, a_subject bigint, a_lender bigint, a_day date)
RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT EXISTS (
    SELECT FROM privacy_legalhold h
     WHERE h.lifted_at IS NULL AND (h.until IS NULL OR h.until >= a_day)
       AND (   (h.scope = 'LENDER' AND h.subject_id = a_lender)
            OR (h.scope = 'PERSON' AND a_kind IN ('OBLIGOR', 'THIRD_PERSON')
                AND h.subject_id = a_subject)
            OR (h.scope = 'CONTRACT' AND a_kind IN ('NOTES', 'VEHICLE') AND h.subject_id = a_subject)
            OR (h.scope = 'CONTRACT' AND a_kind IN ('OBLIGOR', 'THIRD_PERSON')
                AND h.subject_id IN (SELECT o.contract_id FROM access_parts() o
                                      WHERE o.party_id = a_subject))
            OR (h.scope = 'PERSON' AND a_kind IN ('NOTES', 'VEHICLE')
                AND h.subject_id IN (SELECT o.party_id FROM access_parts() o
                                      WHERE o.contract_id = a_subject))))
    OR (a_kind IN ('OBLIGOR', 'THIRD_PERSON')
        AND EXISTS (SELECT FROM privacy_datarequest r
                     WHERE r.party_id = a_subject AND r.state IN ('RECEIVED', 'IDENTIFIED')))
$$;
