-- Whose access holds on this connection: settings that only access_enter fills, read by the policies.
-- Never filled, or given back to the pool, they mean nobody: every question answers with null, false or
-- an empty list.

CREATE FUNCTION access_user() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('recoup.user_id', true), '')::bigint;

-- Lenders whose every case the person sees.
CREATE FUNCTION access_lenders() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('recoup.lenders', true)::bigint[];

-- Lenders the person works for at all, with whatever reach.
CREATE FUNCTION access_served() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('recoup.served', true)::bigint[];

-- Colleagues whose cases the person sees, whichever lender's they are.
CREATE FUNCTION access_mates() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('recoup.mates', true)::bigint[];

-- Whether the person sees every case of every lender of the installation.
CREATE FUNCTION access_everywhere() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('recoup.everywhere', true) = 'on';

-- Whether the person has one of these rights, the second factor counted. Where the setting was made in
-- a transaction that was rolled back, it is empty and no list.
CREATE FUNCTION access_may(VARIADIC asked text[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('recoup.rights', true), '')::text[] && asked;

-- Whether the person works in this house: not for an agency, a lender, or as a borrower.
CREATE FUNCTION access_in_house() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('recoup.reach', true) IN ('ALL', 'TEAM', 'OWN', 'NONE');

-- Whether a case is in the hands of the person, their team or their agency; for some time after it
-- was closed too, so that yesterday's promise can still be read.
CREATE FUNCTION access_holds(lender bigint, collector bigint, agency bigint, closed date)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (collector = ANY (current_setting('recoup.colleagues', true)::bigint[])
        OR agency = ANY (current_setting('recoup.agencies', true)::bigint[]))
   AND lender = ANY (current_setting('recoup.served', true)::bigint[])
   AND (closed IS NULL OR closed >= current_setting('recoup.sight_from', true)::date);
