-- Takes plate, vehicle number and colour off some contracts' cars; make and value stay.
-- Called by an approved deletion only (privacy).
CREATE FUNCTION access_forget_vehicles(asked bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
UPDATE vehicles_vehicle
   SET plate_sealed = NULL, plate_masked = '', plate_index = NULL,
       vin_sealed = NULL, vin_masked = '', vin_index = NULL, colour = ''
 WHERE contract_id = ANY (asked);
SELECT audit_forget('vehicles_vehicle', asked, '{"colour": ""}')
$$;
