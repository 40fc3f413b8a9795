"""Backups have a term like everything else: one for all lenders, shorter than any schedule."""

from django.db import migrations, models

KINDS = ["OBLIGOR", "THIRD_PERSON", "NOTES", "VEHICLE", "QUARANTINE", "BACKUP"]
# The article as lawyers cite it, in either language.
BASIS = "个保法 19, 47"


def seed(apps, schema_editor):
    rule = apps.get_model("privacy", "RetentionRule")
    rule.objects.create(kind="BACKUP", months=1, action="DELETE", basis=BASIS)


def unseed(apps, schema_editor):
    apps.get_model("privacy", "RetentionRule").objects.filter(kind="BACKUP").delete()


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_restrictions")]
    operations = [
        migrations.RemoveConstraint(
            model_name="retentionrule", name="retention_codes_are_known"
        ),
        migrations.RemoveConstraint(
            model_name="retentionrule", name="kept_as_long_as_the_law_says"
        ),
        migrations.RemoveConstraint(model_name="erasureitem", name="erasure_item_is_known"),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", KINDS), ("action__in", ["DE_IDENTIFY", "DELETE"])
                ),
                name="retention_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "OBLIGOR"), ("months__gte", 120)),
                    models.Q(("kind", "NOTES"), ("months__gte", 36)),
                    models.Q(
                        ("kind__in", ["THIRD_PERSON", "VEHICLE", "QUARANTINE"]),
                        ("months__gte", 0),
                    ),
                    models.Q(
                        ("kind", "BACKUP"), ("lender_id", None), ("months__range", (1, 6))
                    ),
                    _connector="OR",
                ),
                name="kept_as_long_as_the_law_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasureitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["PLANNED", "DONE", "HELD", "NOT_DUE"]), ("kind__in", KINDS)
                ),
                name="erasure_item_is_known",
            ),
        ),
        migrations.RunPython(seed, unseed),
    ]
