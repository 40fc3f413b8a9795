-- Every number and address of theirs, masked.
SELECT named.role, t.kind, t.value_masked, t.holder, t.is_valid
  FROM (SELECT c.borrower_id AS party_id, 'BORROWER' AS role
          FROM contracts_contract c WHERE c.id = %(contract_id)s
         UNION ALL
        SELECT cp.party_id, cp.role FROM contracts_contractparty cp
         WHERE cp.contract_id = %(contract_id)s) AS named
  JOIN parties_contactpoint t ON t.party_id = named.party_id
 ORDER BY named.role = 'BORROWER' DESC, named.role, t.id
