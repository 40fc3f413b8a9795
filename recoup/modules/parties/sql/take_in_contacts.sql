-- Takes in the contact points which intake has judged new or changed.
UPDATE parties_contactpoint p
   SET holder = j.holder, is_valid = j.is_valid, is_synthetic = j.is_synthetic
  FROM intake_judged_contacts j
 WHERE j.outcome = 'C' AND p.party_id = j.party_id AND p.kind = j.kind
   AND p.value_index = j.value_index;

INSERT INTO parties_contactpoint
       (party_id, kind, value_sealed, value_masked, value_index, holder, is_valid, is_synthetic)
SELECT party_id, kind, value_sealed, value_masked, value_index, holder, is_valid, is_synthetic
  FROM intake_judged_contacts
 WHERE outcome = 'N'
 ORDER BY row_number
    ON CONFLICT (party_id, kind, value_index) DO NOTHING;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('parties_contactpoint');
