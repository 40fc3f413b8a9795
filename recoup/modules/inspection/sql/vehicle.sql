-- The car behind the contract, its plate and number left out.
SELECT v.make, v.model, v.model_year, v.is_new, v.colour, v.value_minor, v.valued_on,
       v.lien_registered
  FROM vehicles_vehicle v WHERE v.contract_id = %(contract_id)s
