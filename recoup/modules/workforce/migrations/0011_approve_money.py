"""Somebody decides on what others ask for about money: leaders, and colleagues in finance."""

from django.db import migrations

RIGHT = "APPROVE_MONEY"
ROLES = ("LEADER", "FINANCE")
CONFLICTS = (
    (RIGHT, "INSPECT"), (RIGHT, "MANAGE_STAFF"), (RIGHT, "SEE_AUDIT"), (RIGHT, "TAKE_IN"),
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
    dependencies = [("workforce", "0010_webhooks")]
    operations = [migrations.RunPython(give, take)]
