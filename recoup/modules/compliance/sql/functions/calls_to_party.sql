-- What the gate must know of every call to somebody, whoever made it and on whichever contract: counts
-- and times, no more. The caller's own policies would show only calls within their reach, and the
-- seventh call of the week would look like the first.
CREATE FUNCTION access_calls_to_party(
    asked bigint, on_contract bigint, borrower bigint, day_begins timestamptz, asked_at timestamptz,
    OUT talks_today bigint, OUT unanswered_today bigint, OUT calls_this_week bigint,
    OUT last_talk_at timestamptz, OUT refused boolean, OUT is_lost boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    SELECT count(*) FILTER (WHERE c.right_party AND NOT c.inbound AND c.at >= day_begins),
           count(*) FILTER (WHERE NOT c.answered AND NOT c.inbound AND c.at >= day_begins),
           count(*) FILTER (WHERE NOT c.inbound AND c.contract_id = on_contract
                              AND c.at > asked_at - interval '7 days'),
           max(c.at) FILTER (WHERE c.right_party AND c.contract_id = on_contract),
           coalesce(bool_or(c.result = 'REFUSES'), false)
      INTO talks_today, unanswered_today, calls_this_week, last_talk_at, refused
      FROM public.comms_call c
     WHERE c.party_id = asked;
    SELECT count(*) FILTER (WHERE NOT last_three.right_party) = 3 INTO is_lost
      FROM (SELECT c.right_party FROM public.comms_call c
             WHERE c.party_id = borrower AND NOT c.inbound
             ORDER BY c.at DESC LIMIT 3) last_three;
END $$;
