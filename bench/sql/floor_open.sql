-- Open and close: a live case for each late contract, none for the others.
UPDATE floor.kase k
   SET closed_on = %(as_of)s::date
  FROM (SELECT contract_id FROM floor.kase WHERE closed_on IS NULL
        EXCEPT
        SELECT contract_id FROM late) cured
 WHERE k.contract_id = cured.contract_id
   AND k.closed_on IS NULL;

INSERT INTO floor.kase (contract_id, opened_on, treatment)
SELECT contract_id, %(as_of)s::date, least((dpd + 29) / 30, 7)
  FROM late
 WHERE contract_id NOT IN (SELECT contract_id FROM floor.kase WHERE closed_on IS NULL);
