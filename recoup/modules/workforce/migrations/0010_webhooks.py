"""A lender, and its system, may have its own events sent to it (docs/webhooks.md)."""

from django.db import migrations

RIGHT = "KEEP_WEBHOOKS"
ROLES = ("LENDER", "SERVICE")
CONFLICTS = (
    ("INSPECT", RIGHT), (RIGHT, "MANAGE_STAFF"), (RIGHT, "SEE_AUDIT"), (RIGHT, "WORK_CASES"),
)  # fmt: skip


def give(apps, schema_editor):
    conflict, right = (apps.get_model("workforce", name) for name in ("DutyConflict", "RoleRight"))
    conflict.objects.bulk_create(conflict(right_a=a, right_b=b) for a, b in CONFLICTS)
    right.objects.bulk_create(right(role_id=role, right_code=RIGHT) for role in ROLES)


def take(apps, schema_editor):
    conflict, right = (apps.get_model("workforce", name) for name in ("DutyConflict", "RoleRight"))
    right.objects.filter(right_code=RIGHT).delete()
    conflict.objects.filter(right_a=RIGHT).delete()
    conflict.objects.filter(right_b=RIGHT).delete()


class Migration(migrations.Migration):
    dependencies = [("workforce", "0009_guards_of_roles")]
    operations = [migrations.RunPython(give, take)]
