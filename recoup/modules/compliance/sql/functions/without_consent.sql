-- How many of some people have not consented, on a day, to the use a wording names; not who.
-- The register itself is for who keeps privacy alone; whoever would use the data asks here.
CREATE FUNCTION access_without_consent(parties bigint[], wording text, on_day date)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
SELECT count(*)
  FROM unnest(parties) AS asked
 WHERE NOT EXISTS (SELECT FROM privacy_consent c
                     JOIN privacy_consentwording w ON w.id = c.wording_id
                    WHERE c.party_id = asked AND w.code = wording AND c.given_on <= on_day
                      AND (c.withdrawn_on IS NULL OR c.withdrawn_on > on_day))
$$;
