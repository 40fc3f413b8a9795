"""Each use of personal data has a ground, with its article."""

from django.db import migrations, models

# use, ground, articles, wording of the consent where one is needed. Facts: docs/law/privacy.md.
USES = (
    ("COLLECTION", "CONTRACT", "个保法 13(1)(二) · CN-PI-001", ""),
    ("REPORT_TO_LENDER", "ENTRUSTED", "个保法 21, 13(1)(二) · CN-PI-001", ""),
    ("ENTRUST_AGENCY", "ENTRUSTED", "个保法 21, 55 · CN-AGY-005, CN-AGY-007", ""),
    ("AUTHORITY", "STATUTORY_DUTY", "个保法 13(1)(三) · CN-PI-001", ""),
    ("LEGAL_CLAIM", "CONTRACT", "个保法 13(1)(二) · CN-PI-001", ""),
    ("PROVIDE_TO_OTHER", "CONSENT", "个保法 23 · CN-PI-004", "PROVIDE"),
    ("LOCATE_VEHICLE", "CONSENT", "个保法 28, 29 · CN-PI-003", "GPS"),
    ("BIOMETRIC", "CONSENT", "个保法 28, 29 · CN-PI-003", "BIOMETRIC"),
)


def seed(apps, schema_editor):
    use = apps.get_model("privacy", "Use")
    use.objects.bulk_create(
        use(code=code, ground=ground, citation=citation, wording_code=wording)
        for code, ground, citation, wording in USES
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_backup_term")]
    operations = [
        migrations.CreateModel(
            name="Use",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("ground", models.CharField(max_length=16)),
                ("citation", models.CharField(max_length=200)),
                ("wording_code", models.CharField(db_default="", default="", max_length=32)),
                ("reason", models.CharField(db_default="", default="", max_length=2000)),
                ("changed_by", models.BigIntegerField(null=True)),
                ("changed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ground__in", ["CONTRACT", "STATUTORY_DUTY", "ENTRUSTED", "CONSENT"]),
                            models.Q(
                                models.Q(("ground", "CONSENT"), _negated=True),
                                models.Q(("wording_code", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="a_use_has_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("changed_by", None),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_changes_a_ground_says_why",
                    ),
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
