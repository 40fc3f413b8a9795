"""Duties are kept apart by the database; the roles of a new installation; who has one already."""

from django.db import migrations

GUARDS = """
-- What no grant may do, kept by the database whoever writes; and the one answer to what somebody may.

-- Two rights that conflict, in one role or in the roles that one person holds.
CREATE FUNCTION workforce_refuse_conflict(a_user bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pair record;
BEGIN
    SELECT c.right_a, c.right_b INTO pair
      FROM workforce_grant ga
      JOIN workforce_roleright ra ON ra.role = ga.role
      JOIN workforce_dutyconflict c ON c.right_a = ra.right_code
      JOIN workforce_roleright rb ON rb.right_code = c.right_b
      JOIN workforce_grant gb ON gb.role = rb.role AND gb.user_id = ga.user_id
     WHERE ga.user_id = a_user AND ga.ended_at IS NULL AND gb.ended_at IS NULL
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'user % would hold % and %, which one person never holds',
            a_user, pair.right_a, pair.right_b
            USING ERRCODE = 'check_violation', CONSTRAINT = 'duties_are_separate';
    END IF;
END $$;

CREATE FUNCTION workforce_guard_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    r workforce_role;
BEGIN
    IF NEW.ended_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    -- Grants of one person take turns: neither of two at once would see the other.
    PERFORM FROM workforce_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    SELECT * INTO r FROM workforce_role WHERE code = NEW.role;
    IF r.must_expire AND NEW.expires_on IS NULL THEN
        RAISE EXCEPTION 'role % is granted until a day only', NEW.role
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_says_until_when';
    END IF;
    IF (r.reach = 'AGENCY') <> (NEW.agency_id IS NOT NULL)
       OR (r.reach = 'LENDER' AND NEW.lender_id IS NULL) THEN
        RAISE EXCEPTION 'role % of reach % is granted for the wrong lender or agency', NEW.role, r.reach
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_says_for_whom';
    END IF;
    IF EXISTS (SELECT FROM workforce_grant g JOIN workforce_role o ON o.code = g.role
                WHERE g.user_id = NEW.user_id AND g.ended_at IS NULL
                  AND 'NONE' NOT IN (o.reach, r.reach)
                  AND (o.reach <> r.reach OR g.agency_id IS DISTINCT FROM NEW.agency_id)) THEN
        RAISE EXCEPTION 'user % holds a role of another reach', NEW.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'one_reach_per_person';
    END IF;
    PERFORM workforce_refuse_conflict(NEW.user_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER workforce_duties_are_separate
    AFTER INSERT OR UPDATE ON workforce_grant
    DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW EXECUTE FUNCTION workforce_guard_grant();

-- A role that gets a right, or a pair that becomes a conflict: nobody may hold both, no role join both.
CREATE FUNCTION workforce_guard_rights() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pair record;
BEGIN
    SELECT ra.role, c.right_a, c.right_b INTO pair
      FROM workforce_dutyconflict c
      JOIN workforce_roleright ra ON ra.right_code = c.right_a
      JOIN workforce_roleright rb ON rb.right_code = c.right_b AND rb.role = ra.role
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'role % would join % and %', pair.role, pair.right_a, pair.right_b
            USING ERRCODE = 'check_violation', CONSTRAINT = 'duties_are_separate';
    END IF;
    PERFORM workforce_refuse_conflict(u.id)
       FROM (SELECT DISTINCT user_id AS id FROM workforce_grant WHERE ended_at IS NULL) u;
    RETURN NULL;
END $$;
CREATE TRIGGER workforce_rights_are_separate
    AFTER INSERT OR UPDATE ON workforce_roleright
    FOR EACH STATEMENT EXECUTE FUNCTION workforce_guard_rights();
CREATE TRIGGER workforce_conflicts_hold
    AFTER INSERT OR UPDATE ON workforce_dutyconflict
    FOR EACH STATEMENT EXECUTE FUNCTION workforce_guard_rights();

-- A grant is history: only its end is written, once.
CREATE FUNCTION workforce_keep_grant() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
       OR (NEW.id, NEW.user_id, NEW.role, NEW.lender_id, NEW.agency_id, NEW.expires_on,
           NEW.granted_by, NEW.granted_at, NEW.reason)
          IS DISTINCT FROM
          (OLD.id, OLD.user_id, OLD.role, OLD.lender_id, OLD.agency_id, OLD.expires_on,
           OLD.granted_by, OLD.granted_at, OLD.reason) THEN
        RAISE EXCEPTION 'a grant is only ended: write a new one instead'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workforce_grant_is_kept
    BEFORE UPDATE OR DELETE ON workforce_grant
    FOR EACH ROW EXECUTE FUNCTION workforce_keep_grant();

-- What somebody may do on a day, to whose cases. With several roles the lenders are those which all
-- of them were granted for, so that no right reaches a lender it was not given for. No row: nothing.
-- Every page asks it: in PL/pgSQL it keeps its plan.
CREATE FUNCTION workforce_access(a_user bigint, a_day date)
RETURNS TABLE (rights text[], reach text, lender_ids bigint[], agency_id bigint, team_id bigint,
               roles text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH standing AS (
    SELECT g.role, r.reach, g.lender_id, g.agency_id, u.team_id
      FROM workforce_user u
      JOIN workforce_grant g ON g.user_id = u.id
      JOIN workforce_role r ON r.code = g.role
     WHERE u.id = a_user AND u.is_active
       AND g.ended_at IS NULL AND (g.expires_on IS NULL OR g.expires_on >= a_day)
), wide AS (
    SELECT role, bool_or(lender_id IS NULL) AS every, array_agg(lender_id) AS lenders
      FROM standing WHERE reach <> 'NONE' GROUP BY role
)
SELECT (SELECT coalesce(array_agg(DISTINCT x.right_code::text ORDER BY x.right_code::text), '{}')
          FROM workforce_roleright x WHERE x.role IN (SELECT role FROM standing)),
       coalesce((SELECT min(s.reach) FROM standing s WHERE s.reach <> 'NONE'), 'NONE')::text,
       (SELECT coalesce(array_agg(l.id ORDER BY l.id), '{}')
          FROM parties_lender l
         WHERE EXISTS (SELECT FROM wide)
           AND NOT EXISTS (SELECT FROM wide w WHERE NOT w.every AND l.id <> ALL (array_remove(w.lenders, NULL)))),
       (SELECT max(s.agency_id) FROM standing s),
       (SELECT max(s.team_id) FROM standing s),
       (SELECT array_agg(DISTINCT s.role::text ORDER BY s.role::text) FROM standing s)
 WHERE EXISTS (SELECT FROM standing);
END $$;
"""
UNGUARD = """
DROP FUNCTION workforce_access(bigint, date);
DROP TRIGGER workforce_grant_is_kept ON workforce_grant;
DROP TRIGGER workforce_duties_are_separate ON workforce_grant;
DROP TRIGGER workforce_rights_are_separate ON workforce_roleright;
DROP TRIGGER workforce_conflicts_hold ON workforce_dutyconflict;
DROP FUNCTION workforce_keep_grant();
DROP FUNCTION workforce_guard_grant();
DROP FUNCTION workforce_guard_rights();
DROP FUNCTION workforce_refuse_conflict(bigint);
"""

# As declared in docs/security/matrix.toml on the day of this migration; a test compares.
ROLES = {
    "COLLECTOR": ("TEAM", "SEE_CASES WORK_CASES REVEAL"),
    "LEADER": ("ALL", "SEE_CASES WORK_CASES ASSIGN_CASES SEE_TEAM REVEAL EXPORT"),
    "FINANCE": ("ALL", "SEE_CASES POST_PAYMENTS REVERSE_PAYMENTS EXPORT"),
    "INTAKE": ("ALL", "TAKE_IN"),
    "ENTRY": ("ALL", "SEE_CASES CORRECT_DATA KEEP_CUSTODY"),
    "CLOSING": ("ALL", "SEE_CASES CLOSE_CASES KEEP_CUSTODY"),
    "COMPLIANCE": ("ALL", "SEE_CASES REVEAL APPROVE_EXPORTS KEEP_PRIVACY"),
    "AUDIT": ("ALL", "SEE_CASES SEE_AUDIT"),
    "INSPECTOR": ("ALL", "SEE_CASES INSPECT"),
    "OPERATOR": ("NONE", "MANAGE_STAFF OPERATE"),
    "AGENCY": ("AGENCY", "SEE_CASES WORK_CASES REVEAL"),
    "LENDER": ("LENDER", "SEE_CASES"),
    "BORROWER": ("SELF", ""),
    "SERVICE": ("LENDER", "SEE_CASES POST_PAYMENTS TAKE_IN"),
}
MUST_EXPIRE = {"INSPECTOR"}
CONFLICTS = {
    "APPROVE_EXPORTS": "EXPORT MANAGE_STAFF SEE_AUDIT",
    "ASSIGN_CASES": "INSPECT MANAGE_STAFF SEE_AUDIT",
    "CLOSE_CASES": "INSPECT MANAGE_STAFF POST_PAYMENTS SEE_AUDIT WORK_CASES",
    "CORRECT_DATA": "INSPECT MANAGE_STAFF POST_PAYMENTS SEE_AUDIT",
    "EXPORT": "INSPECT MANAGE_STAFF SEE_AUDIT",
    "INSPECT": "KEEP_CUSTODY KEEP_PRIVACY MANAGE_STAFF OPERATE POST_PAYMENTS REVERSE_PAYMENTS TAKE_IN"
    " WORK_CASES",
    "KEEP_CUSTODY": "SEE_AUDIT WORK_CASES",
    "KEEP_PRIVACY": "MANAGE_STAFF SEE_AUDIT WORK_CASES",
    "MANAGE_STAFF": "POST_PAYMENTS REVEAL REVERSE_PAYMENTS SEE_AUDIT TAKE_IN WORK_CASES",
    "OPERATE": "SEE_AUDIT",
    "POST_PAYMENTS": "SEE_AUDIT WORK_CASES",
    "REVEAL": "SEE_AUDIT",
    "REVERSE_PAYMENTS": "SEE_AUDIT TAKE_IN WORK_CASES",
    "SEE_AUDIT": "TAKE_IN WORK_CASES",
    "TAKE_IN": "WORK_CASES",
}


def seed(apps, schema_editor):
    role, right, conflict = (
        apps.get_model("workforce", name) for name in ("Role", "RoleRight", "DutyConflict")
    )
    role.objects.bulk_create(
        role(code=code, reach=reach, must_expire=code in MUST_EXPIRE)
        for code, (reach, _) in ROLES.items()
    )
    conflict.objects.bulk_create(
        conflict(right_a=a, right_b=b) for a, rest in CONFLICTS.items() for b in rest.split()
    )
    right.objects.bulk_create(
        right(role_id=code, right_code=name)
        for code, (_, rights) in ROLES.items()
        for name in rights.split()
    )


# Whoever worked here goes on in the role they had; a Django superuser becomes an operator.
CARRY_OVER = """
INSERT INTO workforce_grant (user_id, role, granted_at, reason)
SELECT id, CASE WHEN is_superuser THEN 'OPERATOR' ELSE role END, now(), 'role before roles were data'
  FROM workforce_user;
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0003_roles_and_grants")]
    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
    ]
