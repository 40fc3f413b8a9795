"""Duties are kept apart by the database; the roles of a new installation; who has one already."""

from pathlib import Path

from django.db import migrations

GUARDS = (Path(__file__).parent / "sql" / "0004_guards.sql").read_text()
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
