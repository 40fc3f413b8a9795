"""A register of what is kept and no longer used, before it may be deleted (个人信息保护法 47)."""

from django.db import migrations, models

KEPT = """
CREATE TRIGGER privacy_restriction_is_kept BEFORE UPDATE OR DELETE ON privacy_restriction
    FOR EACH ROW EXECUTE FUNCTION privacy_keep_record('lifted_by', 'lifted_at', 'lifted_reason');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0002_registers"),
        ("parties", "0008_locked"),
        ("contracts", "0003_locked"),
        ("cases", "0006_locked"),
    ]
    operations = [
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lender_id", models.BigIntegerField()),
                ("scope", models.CharField(max_length=8)),
                ("subject_id", models.BigIntegerField()),
                ("cause", models.CharField(max_length=12)),
                ("reason", models.CharField(db_default="", default="", max_length=2000)),
                ("placed_by", models.BigIntegerField(null=True)),
                ("placed_at", models.DateTimeField()),
                ("lifted_by", models.BigIntegerField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_reason", models.CharField(db_default="", default="", max_length=2000)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope__in", ["PERSON", "CONTRACT"]),
                            ("cause__in", ["TERM", "OBJECTION", "WITHDRAWAL", "UNLAWFUL"]),
                        ),
                        name="restriction_codes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", "TERM"), ("placed_by", None)),
                            models.Q(
                                models.Q(("cause", "TERM"), _negated=True),
                                ("placed_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_say_why_they_restrict",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("scope", "subject_id", "cause"),
                        name="one_standing_restriction_per_cause",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER privacy_restriction_is_kept ON privacy_restriction"),
    ]
