-- What the gate must know of each person whom the contracts name: one row per contract and role.
WITH named AS (
    SELECT id AS contract_id, borrower_id AS party_id, 'BORROWER' AS role
      FROM contracts_contract
     WHERE id = ANY(%(contracts)s)
    UNION ALL
    SELECT contract_id, party_id, role
      FROM contracts_contractparty
     WHERE contract_id = ANY(%(contracts)s)
)
SELECT named.contract_id, named.party_id, named.role, contract.currency, contract.matures_on,
       coalesce(nullif(party.region, ''), contract.region) AS region,
       coalesce(live.is_held, false) AS is_held,
       calls.talks_today, calls.unanswered_today, calls.calls_this_week, calls.last_talk_at,
       calls.refused AS asked_to_stop,
       calls.is_lost OR NOT own.has_number AS debtor_is_lost
  FROM named
  JOIN contracts_contract contract ON contract.id = named.contract_id
  JOIN parties_party party ON party.id = named.party_id
  LEFT JOIN LATERAL (
      SELECT bool_or(state = 'HELD') AS is_held
        FROM cases_case WHERE contract_id = named.contract_id AND closed_on IS NULL
  ) live ON true
  JOIN LATERAL access_calls_to_party(named.party_id, named.contract_id, contract.borrower_id,
                                     %(day_begins)s, %(at)s) calls ON true
  LEFT JOIN LATERAL (
      SELECT count(*) > 0 AS has_number
        FROM parties_contactpoint
       WHERE party_id = contract.borrower_id AND kind IN ('MOBILE', 'PHONE')
         AND holder = 'SELF' AND is_valid
  ) own ON true
 ORDER BY named.contract_id, named.role = 'BORROWER' DESC, named.role, named.party_id;
