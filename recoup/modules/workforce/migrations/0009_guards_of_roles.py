"""What keeps the changing of roles, whoever writes: two people, and what was approved is what is done."""

from django.db import migrations

GUARDS = """
-- A change stays as it was asked; it is decided once, in the name of whoever decides.
CREATE FUNCTION workforce_keep_role_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'WAITING' OR NEW.decided_by IS NOT NULL THEN
            RAISE EXCEPTION 'a change of a role is asked for before it is decided'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'WAITING'
       OR (NEW.id, NEW.role, NEW.name, NEW.based_on, NEW.rights_before, NEW.rights_after,
           NEW.reason, NEW.asked_by, NEW.asked_at)
          IS DISTINCT FROM
          (OLD.id, OLD.role, OLD.name, OLD.based_on, OLD.rights_before, OLD.rights_after,
           OLD.reason, OLD.asked_by, OLD.asked_at) THEN
        RAISE EXCEPTION 'a change of a role stays as it was asked and decided'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF current_user = 'recoup_web'
       AND (CASE NEW.state WHEN 'WITHDRAWN' THEN NEW.asked_by ELSE NEW.decided_by END)::text
           IS DISTINCT FROM current_setting('recoup.user_id', true) THEN
        RAISE EXCEPTION 'nobody decides in another''s name' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workforce_role_change_is_kept
    BEFORE INSERT OR UPDATE OR DELETE ON workforce_rolechange
    FOR EACH ROW EXECUTE FUNCTION workforce_keep_role_change();

-- What two people agreed on becomes the role's rights. No process may write these tables otherwise.
CREATE FUNCTION workforce_apply_role_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changed text := NEW.role;
    before text[];
    wanted text[] := NEW.rights_after::text[];
BEGIN
    -- One change after the other, and no grant meanwhile: neither of two at once would see the other.
    LOCK TABLE workforce_grant, workforce_roleright IN SHARE ROW EXCLUSIVE MODE;
    IF changed = '' THEN
        changed := 'OWN_' || NEW.id;
        INSERT INTO workforce_role (code, name, reach, must_expire, based_on)
        SELECT changed, NEW.name, b.reach, b.must_expire, coalesce(nullif(b.based_on, ''), b.code)
          FROM workforce_role b WHERE b.code = NEW.based_on;
    END IF;
    before := ARRAY(SELECT right_code FROM workforce_roleright WHERE role = changed);
    IF NEW.role <> '' AND NOT (before <@ NEW.rights_before::text[] AND before @> NEW.rights_before::text[]) THEN
        RAISE EXCEPTION 'role % has other rights since this was asked', changed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'role_is_as_it_was';
    END IF;
    IF NOT wanted <@ before
       AND EXISTS (SELECT FROM workforce_grant g WHERE g.role = changed AND g.ended_at IS NULL
                      AND g.user_id IN (NEW.asked_by, NEW.decided_by)) THEN
        RAISE EXCEPTION 'nobody gives more to role %, which they hold', changed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_widens_their_own_role';
    END IF;
    DELETE FROM workforce_roleright WHERE role = changed AND right_code <> ALL (wanted);
    INSERT INTO workforce_roleright (role, right_code)
    SELECT changed, x FROM unnest(wanted) x WHERE x <> ALL (before);
    IF 'MANAGE_STAFF' = ANY (before) AND 'MANAGE_STAFF' <> ALL (wanted)
       AND (SELECT count(DISTINCT g.user_id)
              FROM workforce_grant g
              JOIN workforce_user u ON u.id = g.user_id AND u.is_active
              JOIN workforce_roleright x ON x.role = g.role AND x.right_code = 'MANAGE_STAFF'
             WHERE g.ended_at IS NULL
               AND (g.expires_on IS NULL OR g.expires_on >= NEW.decided_at::date)) < 2 THEN
        RAISE EXCEPTION 'fewer than two people could manage staff'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_manage_staff';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER workforce_role_change_is_applied
    AFTER UPDATE ON workforce_rolechange
    FOR EACH ROW WHEN (OLD.state = 'WAITING' AND NEW.state = 'APPROVED')
    EXECUTE FUNCTION workforce_apply_role_change();

-- The service's role is for services and nothing else is: a person opens no interface, a key no page.
CREATE FUNCTION workforce_guard_service() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.role = 'SERVICE') <> (SELECT is_service FROM workforce_user WHERE id = NEW.user_id) THEN
        RAISE EXCEPTION 'role % is not for user %', NEW.role, NEW.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'service_has_its_own_role';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER workforce_service_has_its_own_role
    AFTER INSERT ON workforce_grant
    FOR EACH ROW EXECUTE FUNCTION workforce_guard_service();
"""
UNGUARD = """
DROP TRIGGER workforce_service_has_its_own_role ON workforce_grant;
DROP TRIGGER workforce_role_change_is_applied ON workforce_rolechange;
DROP TRIGGER workforce_role_change_is_kept ON workforce_rolechange;
DROP FUNCTION workforce_guard_service();
DROP FUNCTION workforce_apply_role_change();
DROP FUNCTION workforce_keep_role_change();
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0008_role_changes")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
