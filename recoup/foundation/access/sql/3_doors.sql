-- The narrow doors: what may be asked or done before, or beside, what the policies let through.

-- Let somebody in: fill the settings of this connection with what they may, and return it, with
-- their own row, their team's name and the last finished night, in the one statement a page needs
-- anyway.
-- `scopes`: of their rights only these (a service's key). No row: unknown or no longer active, and nobody is in.
CREATE FUNCTION access_enter(asked bigint, on_day date, is_strong boolean DEFAULT false,
                             scopes text[] DEFAULT NULL)
RETURNS TABLE (person workforce_user, password_print text, rights text[], reach text, lender_ids bigint[],
               agency_id bigint, roles text[], team_name text, night_of date, night_started_at timestamptz,
               night_finished_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    given record;
    held text[];
    sees boolean;
    sees_widely boolean;
    serves_all boolean;
    colleagues bigint[] := '{}';
BEGIN
    SELECT u.* INTO person FROM workforce_user u WHERE u.id = asked AND u.is_active;
    IF NOT FOUND THEN
        PERFORM access_leave();
        RETURN;
    END IF;
    -- Enough to see that the password is still the one the session was opened with.
    password_print := encode(sha256(convert_to(person.password, 'UTF8')), 'hex');
    person.password := '';
    SELECT * INTO given FROM workforce_access(asked, on_day);
    rights := ARRAY(SELECT name FROM unnest(given.rights) AS name
                     WHERE scopes IS NULL OR name = ANY (scopes));
    reach := coalesce(given.reach, 'NONE');
    lender_ids := coalesce(given.lender_ids, '{}');
    agency_id := CASE WHEN reach = 'AGENCY' THEN given.agency_id END;
    roles := coalesce(given.roles, '{}');
    team_name := coalesce((SELECT t.name FROM workforce_team t WHERE t.id = person.team_id), '');
    SELECT r.business_day, r.started_at, r.finished_at
      INTO night_of, night_started_at, night_finished_at
      FROM foundation_jobrun r
     WHERE r.name = 'night' AND r.finished_at IS NOT NULL
     ORDER BY r.business_day DESC LIMIT 1;

    held := ARRAY(SELECT unnest(rights) EXCEPT SELECT unnest(CASE WHEN is_strong THEN '{}'::text[]
                                                     ELSE {need_second_factor}::text[] END));
    sees := held && {see_cases}::text[];
    IF sees AND reach = 'TEAM' THEN
        colleagues := ARRAY(SELECT u.id FROM workforce_user u
                             WHERE u.id = asked OR u.team_id = given.team_id);
    ELSIF sees AND reach = 'OWN' THEN
        colleagues := ARRAY[asked];
    END IF;
    -- Every setting is written, so that nothing is left of whoever was in before.
    sees_widely := sees AND reach IN ('ALL', 'LENDER');
    serves_all := sees AND NOT EXISTS (SELECT FROM parties_lender l WHERE l.id <> ALL (lender_ids));
    PERFORM set_config('recoup.user_id', asked::text, false),
            set_config('recoup.rights', held::text, false),
            set_config('recoup.reach', reach, false),
            set_config('recoup.served', lender_ids::text, false),
            set_config('recoup.lenders', CASE WHEN sees_widely THEN lender_ids::text ELSE '{}' END, false),
            -- Where something is restricted, whoever may not see it is asked row by row.
            set_config('recoup.everywhere',
                       CASE WHEN sees_widely AND serves_all
                             AND (held && {see_locked}::text[]
                                  OR NOT (EXISTS (SELECT FROM contracts_contract WHERE is_locked)
                                          OR EXISTS (SELECT FROM parties_party WHERE is_locked)))
                            THEN 'on' ELSE 'off' END, false),
            set_config('recoup.colleagues', colleagues::text, false),
            set_config('recoup.mates', CASE WHEN serves_all THEN colleagues::text ELSE '{}' END, false),
            set_config('recoup.agencies',
                       CASE WHEN sees AND reach = 'AGENCY' THEN ARRAY[agency_id]::text ELSE '{}' END, false),
            set_config('recoup.sight_from', coalesce(night_of - {days_of_sight}, 'infinity')::text, false),
            set_config('recoup.signing_in', '', false);
    RETURN NEXT;
END $$;

-- Nobody is in any more.
CREATE FUNCTION access_leave() RETURNS void
LANGUAGE sql AS $$
    {leave}
$$;

-- A password's hash, for checking it: anybody's while nobody is in (that is signing in), else one's own.
CREATE FUNCTION access_password(asked bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF coalesce(access_user(), asked) <> asked THEN
        RAISE EXCEPTION 'a password is compared with its owner''s only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('recoup.signing_in', asked::text, false);
    RETURN (SELECT u.password FROM workforce_user u WHERE u.id = asked);
END $$;

-- Without the right to manage staff one changes one's own language and password, and signing in notes
-- when; whatever a page sends.
CREATE FUNCTION access_guard_user() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF current_user <> 'recoup_web' OR access_may('MANAGE_STAFF') THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{language,last_login,password}'::text[]
       IS DISTINCT FROM to_jsonb(OLD) - '{language,last_login,password}'::text[]
       OR (NEW.password <> OLD.password
           AND NEW.id IS DISTINCT FROM access_user()
           AND NEW.id::text IS DISTINCT FROM current_setting('recoup.signing_in', true)) THEN
        RAISE EXCEPTION 'only who manages staff changes this'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_user_is_guarded
    BEFORE UPDATE ON workforce_user
    FOR EACH ROW EXECUTE FUNCTION access_guard_user();

-- Fresh statistics of one of our tables, for those who filled it and do not own it.
CREATE PROCEDURE access_analyze(filled regclass)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class
                    WHERE oid = filled AND relkind = 'r' AND relnamespace = 'public'::regnamespace) THEN
        RAISE EXCEPTION '% is not one of our tables', filled USING ERRCODE = 'undefined_table';
    END IF;
    EXECUTE format('ANALYZE %s', filled);
END $$;
