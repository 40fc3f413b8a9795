-- Contracts by the beginning of their number, or by a blind index: the whole phone number, name,
-- id number, plate or VIN, under each index key there is. The last four digits of a phone stand in its masked form.
-- Each part uses an index of its own, and reads no more than it shows. All operators are leakproof,
-- so that they use it under row level security too: ^@ (begins with) is, LIKE is not.
WITH found AS (
    (SELECT id AS contract_id, 1 AS by_what FROM contracts_contract
      WHERE number ^@ %(beginning)s ORDER BY number LIMIT %(limit)s)
    UNION ALL
    (SELECT contract_id, 2 FROM vehicles_vehicle
      WHERE plate_index = ANY(%(plates)s) LIMIT %(limit)s)
    UNION ALL
    (SELECT contract_id, 6 FROM vehicles_vehicle
      WHERE vin_index = ANY(%(vins)s) LIMIT %(limit)s)
    UNION ALL
    (SELECT k.id, 3 FROM parties_contactpoint t
       JOIN contracts_contract k ON k.borrower_id = t.party_id
      WHERE t.value_index = ANY(%(phones)s) AND t.kind IN ('MOBILE', 'PHONE') LIMIT %(limit)s)
    UNION ALL
    (SELECT k.id, 3 FROM parties_contactpoint t
       JOIN contracts_contract k ON k.borrower_id = t.party_id
      WHERE t.last_four = %(last_four)s
        AND t.kind IN ('MOBILE', 'PHONE') LIMIT %(limit)s)
    UNION ALL
    (SELECT k.id, 4 FROM parties_party p
       JOIN contracts_contract k ON k.borrower_id = p.id
      WHERE p.name_index = ANY(%(names)s) LIMIT %(limit)s)
    UNION ALL
    (SELECT k.id, 5 FROM parties_party p
       JOIN contracts_contract k ON k.borrower_id = p.id
      WHERE p.id_number_index = ANY(%(id_numbers)s) LIMIT %(limit)s)
)
SELECT f.contract_id, f.by_what, c.id AS case_id, c.state AS case_state, k.state AS contract_state,
       k.number, k.currency, p.name_masked, p.is_synthetic, coalesce(v.plate_masked, '') AS plate_masked,
       s.bucket, s.dpd_raw AS dpd,
       coalesce(s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor, 0)
           AS overdue_minor
  FROM (SELECT contract_id, min(by_what) AS by_what FROM found
         GROUP BY contract_id ORDER BY 2, 1 LIMIT %(limit)s) f
  JOIN contracts_contract k ON k.id = f.contract_id
  JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN vehicles_vehicle v ON v.contract_id = f.contract_id
  LEFT JOIN cases_case c ON c.contract_id = f.contract_id AND c.closed_on IS NULL
  LEFT JOIN arrears_snapshot s ON s.as_of = %(as_of)s AND s.contract_id = f.contract_id
 ORDER BY f.by_what, k.number;
