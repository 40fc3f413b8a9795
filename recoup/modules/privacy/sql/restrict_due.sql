-- Keeps, and no longer uses, what a schedule says is over: a contract whose words or car are past their
-- term, somebody past their own, and whoever is named in restricted contracts only. Safe to run twice.
INSERT INTO privacy_restriction (lender_id, scope, subject_id, cause, placed_at)
SELECT DISTINCT d.lender_id,
       CASE WHEN d.kind IN ('NOTES', 'VEHICLE') THEN 'CONTRACT' ELSE 'PERSON' END,
       d.subject_id, 'TERM', %(at)s::timestamptz
  FROM ({due}) d
 WHERE d.kind <> 'QUARANTINE'
    ON CONFLICT (scope, subject_id, cause) WHERE lifted_at IS NULL DO NOTHING;

INSERT INTO privacy_restriction (lender_id, scope, subject_id, cause, placed_at)
SELECT DISTINCT p.lender_id, 'PERSON', p.id, 'TERM', %(at)s::timestamptz
  FROM contracts_contract k
  JOIN access_parts() o ON o.contract_id = k.id
  JOIN parties_party p ON p.id = o.party_id
 WHERE k.is_locked AND NOT p.is_locked
   AND p.lender_id = ANY(%(lender_ids)s::bigint[])
   AND EXISTS (SELECT FROM privacy_restriction r
                WHERE r.scope = 'CONTRACT' AND r.subject_id = k.id AND r.cause = 'TERM'
                  AND r.lifted_at IS NULL)
   AND NOT EXISTS (SELECT FROM access_parts() other
                     JOIN contracts_contract u ON u.id = other.contract_id
                    WHERE other.party_id = p.id AND NOT u.is_locked)
    ON CONFLICT (scope, subject_id, cause) WHERE lifted_at IS NULL DO NOTHING;
