-- Finds out for each contact point whether its party is known, and whether it is new or changed.
INSERT INTO intake_judged_contacts
       (row_kind, row_number, outcome, reasons, raw, party_id, party_ref, kind, value_sealed,
        value_masked, value_index, holder, is_valid, is_synthetic)
SELECT 'contacts', s.row_number,
       CASE WHEN cardinality(j.reasons) > 0 THEN 'B'
            WHEN s.nth > 1 THEN 'U'
            WHEN c.id IS NULL THEN 'N'
            WHEN (t.holder, t.is_valid, t.is_synthetic)
                 IS DISTINCT FROM (c.holder, c.is_valid, c.is_synthetic) THEN 'C'
            ELSE 'U' END,
       j.reasons, CASE WHEN cardinality(j.reasons) > 0 THEN s.raw END,
       p.id, s.party_ref, s.kind, s.value_sealed, s.value_masked, s.value_index, t.*
  FROM (SELECT *, row_number() OVER same AS nth, first_value(row_number) OVER same AS kept_row
          FROM intake_staged_contacts
        WINDOW same AS (PARTITION BY party_ref, kind, value_index
                        ORDER BY CASE %(repeats)s WHEN 'last' THEN -row_number ELSE row_number END)
       ) s
  LEFT JOIN parties_party p ON p.lender_id = %(lender_id)s AND p.ref = s.party_ref
  LEFT JOIN parties_contactpoint c
         ON c.party_id = p.id AND c.kind = s.kind AND c.value_index = s.value_index
 CROSS JOIN LATERAL (
       SELECT coalesce(s.holder, c.holder, 'SELF') AS holder,
              coalesce(s.is_valid, c.is_valid, true) AS is_valid,
              coalesce(s.is_synthetic, c.is_synthetic, false) AS is_synthetic) t
 CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
       CASE WHEN p.id IS NULL THEN jsonb_build_array(
            'party_ref', 'party_unknown', jsonb_build_object('value', s.party_ref), s.party_ref) END,
       CASE WHEN s.nth > 1 AND %(repeats)s = 'refuse' THEN jsonb_build_array(
            'value', 'duplicate_in_file', jsonb_build_object('first_row', s.kept_row),
            s.value_masked) END
       ], NULL) AS reasons) j;
