-- Takes in the vehicles which intake has judged new or changed; plates and frame numbers come sealed.
UPDATE vehicles_vehicle v
   SET make = j.make, model = j.model, model_year = j.model_year, is_new = j.is_new,
       plate_sealed = j.plate_sealed, plate_masked = j.plate_masked, plate_index = j.plate_index,
       vin_sealed = j.vin_sealed, vin_masked = j.vin_masked, vin_index = j.vin_index,
       colour = j.colour, value_minor = j.value_minor, valued_on = j.valued_on,
       lien_registered = j.lien_registered, is_synthetic = j.is_synthetic
  FROM intake_judged_vehicles j
 WHERE j.outcome = 'C' AND v.contract_id = j.contract_id;

INSERT INTO vehicles_vehicle
       (contract_id, make, model, model_year, is_new, plate_sealed, plate_masked, plate_index,
        vin_sealed, vin_masked, vin_index, colour, value_minor, valued_on, lien_registered,
        is_synthetic)
SELECT contract_id, make, model, model_year, is_new, plate_sealed, plate_masked, plate_index,
       vin_sealed, vin_masked, vin_index, colour, value_minor, valued_on, lien_registered,
       is_synthetic
  FROM intake_judged_vehicles
 WHERE outcome = 'N'
 ORDER BY row_number
    ON CONFLICT (contract_id) DO NOTHING;

-- The planner must know of the new rows, or it joins what follows in nested loops.
CALL access_analyze('vehicles_vehicle');
