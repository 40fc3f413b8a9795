-- Whether the person sees a contract, a case, somebody named. Asked row by row where a table carries
-- no lender of its own, and always by a look-up over an index, whatever the planner thinks. What is
-- restricted (is_locked) is seen by who keeps privacy or inspects, and by nobody else.

CREATE FUNCTION access_may_see_locked() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('recoup.rights', true), '')::text[] && {see_locked}::text[];

CREATE FUNCTION access_sees_contract(asked bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF current_setting('recoup.lenders', true) <> '{}' THEN
        RETURN EXISTS (SELECT FROM public.contracts_contract k
                        WHERE k.id = asked AND k.lender_id = ANY (public.access_lenders())
                          AND (NOT k.is_locked OR public.access_may_see_locked()));
    END IF;
    IF EXISTS (SELECT FROM public.cases_case c
                WHERE c.contract_id = asked AND c.closed_on IS NULL AND NOT c.is_locked
                  AND public.access_holds(c.lender_id, c.collector_id, c.agency_id, NULL)) THEN
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM public.cases_case c
                    WHERE c.contract_id = asked AND c.closed_on IS NOT NULL AND NOT c.is_locked
                      AND public.access_holds(c.lender_id, c.collector_id, c.agency_id, c.closed_on));
END $$;

CREATE FUNCTION access_sees_case(asked bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.cases_case c
                    WHERE c.id = asked
                      AND (NOT c.is_locked OR public.access_may_see_locked())
                      AND (c.lender_id = ANY (public.access_lenders())
                           OR public.access_holds(c.lender_id, c.collector_id, c.agency_id, c.closed_on)));
END $$;

-- Somebody named in a contract that is seen.
CREATE FUNCTION access_sees_party(asked bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF current_setting('recoup.lenders', true) <> '{}' THEN
        RETURN EXISTS (SELECT FROM public.parties_party p
                        WHERE p.id = asked AND p.lender_id = ANY (public.access_lenders())
                          AND (NOT p.is_locked OR public.access_may_see_locked()));
    END IF;
    RETURN NOT EXISTS (SELECT FROM public.parties_party p WHERE p.id = asked AND p.is_locked)
       AND (EXISTS (SELECT FROM public.contracts_contract k
                     WHERE k.borrower_id = asked AND public.access_sees_contract(k.id))
            OR EXISTS (SELECT FROM public.contracts_contractparty n
                        WHERE n.party_id = asked AND public.access_sees_contract(n.contract_id)));
END $$;

-- A file that was handed over by a lender the person takes files in for.
CREATE FUNCTION access_sees_batch(asked bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.intake_batch b
                    WHERE b.id = asked AND b.lender_id = ANY (public.access_served()));
END $$;
