-- Which second factors each person has set up, for whoever manages staff: the kinds, nothing of the
-- secrets, which the policies keep to their owner.
CREATE FUNCTION access_second_factors() RETURNS TABLE (user_id bigint, kinds text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF coalesce(nullif(current_setting('recoup.rights', true), ''), '{}')::text[] && ARRAY['MANAGE_STAFF'] THEN
        RETURN QUERY SELECT m.user_id::bigint, array_agg(DISTINCT m.type::text)
                       FROM public.mfa_authenticator m
                      WHERE m.type <> 'recovery_codes'
                      GROUP BY m.user_id;
    END IF;
END $$;
