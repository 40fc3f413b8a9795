-- A contract's history, latest first: its timeline, and the money from the ledger among it.
SELECT * FROM (
    (SELECT t.id, t.at, t.business_on, t.kind, t.facts,
            coalesce(nullif(u.display_name, ''), u.username) AS actor, NULL::bigint AS payment_id
       FROM cases_timelineentry t
       LEFT JOIN workforce_user u ON u.id = t.actor_id
      WHERE t.contract_id = %(contract_id)s AND t.kind = ANY(%(kinds)s)
      ORDER BY t.id DESC
      LIMIT %(limit)s)
    UNION ALL
    (SELECT p.id, p.received_at, p.value_on, 'PAYMENT_POSTED',
            jsonb_build_object('amount_minor', p.amount_minor, 'channel', p.channel,
                               'reference', p.reference, 'reversed_on', v.reversed_on),
            coalesce(nullif(u.display_name, ''), u.username), p.id
       FROM ledger_payment p
       LEFT JOIN ledger_reversal v ON v.payment_id = p.id
       LEFT JOIN workforce_user u ON u.id = p.recorded_by
      WHERE p.contract_id = %(contract_id)s AND %(with_money)s
      ORDER BY p.value_on DESC, p.id DESC
      LIMIT %(limit)s)
    UNION ALL
    (SELECT v.payment_id, v.received_at, v.reversed_on, 'PAYMENT_REVERSED',
            jsonb_build_object('amount_minor', p.amount_minor, 'reason', v.reason),
            coalesce(nullif(u.display_name, ''), u.username), p.id
       FROM ledger_reversal v
       JOIN ledger_payment p ON p.id = v.payment_id
       LEFT JOIN workforce_user u ON u.id = v.recorded_by
      WHERE p.contract_id = %(contract_id)s AND %(with_money)s
      LIMIT %(limit)s)
) history
 ORDER BY business_on DESC, at DESC, id DESC
 LIMIT %(limit)s
