-- Ends what a schedule restricted and is in use again: a payment was reversed, a new contract signed.
UPDATE privacy_restriction r
   SET lifted_at = %(at)s, lifted_reason = 'in use again'
 WHERE r.cause = 'TERM' AND r.lifted_at IS NULL
   AND EXISTS (SELECT FROM access_contract_ends() e
                WHERE e.ended_on IS NULL
                  AND (   (r.scope = 'CONTRACT' AND e.contract_id = r.subject_id)
                       OR (r.scope = 'PERSON'
                           AND e.contract_id IN (SELECT o.contract_id FROM access_parts() o
                                                  WHERE o.party_id = r.subject_id))));
