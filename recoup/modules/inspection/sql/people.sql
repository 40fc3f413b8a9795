-- Everyone named in the contract, masked.
SELECT named.role, p.name_masked, p.id_type, p.id_number_masked, p.region
  FROM (SELECT c.borrower_id AS party_id, 'BORROWER' AS role
          FROM contracts_contract c WHERE c.id = %(contract_id)s
         UNION ALL
        SELECT cp.party_id, cp.role FROM contracts_contractparty cp
         WHERE cp.contract_id = %(contract_id)s) AS named
  JOIN parties_party p ON p.id = named.party_id
 ORDER BY named.role = 'BORROWER' DESC, named.role, p.id
