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
       coalesce(calls.talks_today, 0) AS talks_today,
       coalesce(calls.unanswered_today, 0) AS unanswered_today,
       coalesce(calls.calls_this_week, 0) AS calls_this_week,
       calls.last_talk_at,
       coalesce(calls.refused, false) AS asked_to_stop,
       coalesce(reach.failures = 3, false) OR NOT own.has_number AS debtor_is_lost
  FROM named
  JOIN contracts_contract contract ON contract.id = named.contract_id
  JOIN parties_party party ON party.id = named.party_id
  LEFT JOIN LATERAL (
      SELECT bool_or(state = 'HELD') AS is_held
        FROM cases_case WHERE contract_id = named.contract_id AND closed_on IS NULL
  ) live ON true
  LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE right_party AND NOT inbound AND at >= %(day_begins)s)
                 AS talks_today,
             count(*) FILTER (WHERE NOT answered AND NOT inbound AND at >= %(day_begins)s)
                 AS unanswered_today,
             count(*) FILTER (WHERE NOT inbound AND contract_id = named.contract_id
                                AND at > %(at)s - interval '7 days') AS calls_this_week,
             max(at) FILTER (WHERE right_party AND contract_id = named.contract_id)
                 AS last_talk_at,
             bool_or(result = 'REFUSES') AS refused
        FROM comms_call
       WHERE party_id = named.party_id
  ) calls ON true
  LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE NOT last_three.right_party) AS failures
        FROM (SELECT right_party FROM comms_call
               WHERE party_id = contract.borrower_id AND NOT inbound
               ORDER BY at DESC LIMIT 3) last_three
  ) reach ON true
  LEFT JOIN LATERAL (
      SELECT count(*) > 0 AS has_number
        FROM parties_contactpoint
       WHERE party_id = contract.borrower_id AND kind IN ('MOBILE', 'PHONE')
         AND holder = 'SELF' AND is_valid
  ) own ON true
 ORDER BY named.contract_id, named.role = 'BORROWER' DESC, named.role, named.party_id;
