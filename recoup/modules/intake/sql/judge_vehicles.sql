-- Finds out for each vehicle whether its contract is known, and whether it is new or changed.
-- Plates and frame numbers come sealed: whether they changed is told by their blind indexes.
INSERT INTO intake_judged_vehicles
       (row_kind, row_number, outcome, reasons, raw, contract_id, contract_number, make, model,
        model_year, is_new, plate_sealed, plate_masked, plate_index, vin_sealed, vin_masked,
        vin_index, colour, value_minor, valued_on, lien_registered, is_synthetic)
SELECT 'vehicles', s.row_number,
       CASE WHEN cardinality(j.reasons) > 0 THEN 'B'
            WHEN s.nth > 1 THEN 'U'
            WHEN v.id IS NULL THEN 'N'
            WHEN (s.make, t.model, t.model_year, t.is_new, t.plate_index, t.vin_index, t.colour,
                  t.value_minor, t.valued_on, t.lien_registered, t.is_synthetic)
                 IS DISTINCT FROM
                 (v.make, v.model, v.model_year, v.is_new, v.plate_index, v.vin_index, v.colour,
                  v.value_minor, v.valued_on, v.lien_registered, v.is_synthetic)
            THEN 'C' ELSE 'U' END,
       j.reasons, CASE WHEN cardinality(j.reasons) > 0 THEN s.raw END,
       c.id, s.contract_number, s.make, t.*
  FROM (SELECT *, row_number() OVER same AS nth, first_value(row_number) OVER same AS kept_row
          FROM intake_staged_vehicles
        WINDOW same AS (PARTITION BY contract_number
                        ORDER BY CASE %(repeats)s WHEN 'last' THEN -row_number ELSE row_number END)
       ) s
  LEFT JOIN contracts_contract c ON c.lender_id = %(lender_id)s AND c.number = s.contract_number
  LEFT JOIN vehicles_vehicle v ON v.contract_id = c.id
 CROSS JOIN LATERAL (
       SELECT coalesce(s.model, v.model, '') AS model,
              coalesce(s.model_year, v.model_year) AS model_year,
              coalesce(s.is_new, v.is_new) AS is_new,
              coalesce(s.plate_sealed, v.plate_sealed) AS plate_sealed,
              coalesce(s.plate_masked, v.plate_masked, '') AS plate_masked,
              coalesce(s.plate_index, v.plate_index) AS plate_index,
              coalesce(s.vin_sealed, v.vin_sealed) AS vin_sealed,
              coalesce(s.vin_masked, v.vin_masked, '') AS vin_masked,
              coalesce(s.vin_index, v.vin_index) AS vin_index,
              coalesce(s.colour, v.colour, '') AS colour,
              coalesce(s.value_minor, v.value_minor) AS value_minor,
              coalesce(s.valued_on, v.valued_on) AS valued_on,
              coalesce(s.lien_registered, v.lien_registered) AS lien_registered,
              coalesce(s.is_synthetic, v.is_synthetic, false) AS is_synthetic) t
 CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
       CASE WHEN c.id IS NULL THEN jsonb_build_array(
            'contract_number', 'contract_unknown',
            jsonb_build_object('value', s.contract_number), s.contract_number) END,
       CASE WHEN s.nth > 1 AND %(repeats)s = 'refuse' THEN jsonb_build_array(
            'contract_number', 'duplicate_in_file',
            jsonb_build_object('first_row', s.kept_row), s.contract_number) END
       ], NULL) AS reasons) j;
