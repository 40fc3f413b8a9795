"""What rows were before they changed, kept beside the record."""

from pathlib import Path

from django.db import migrations, models

FORMER = (Path(__file__).parent / "sql" / "0002_former.sql").read_text()
UNDO = """
DROP FUNCTION audit_forget, audit_born_since;
DROP SEQUENCE audit_change;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Former",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=63)),
                ("subject_id", models.BigIntegerField()),
                ("owner_id", models.BigIntegerField()),
                ("lender_id", models.BigIntegerField(null=True)),
                ("until", models.DateTimeField()),
                ("change", models.BigIntegerField()),
                ("row", models.JSONField()),
                ("hash", models.BinaryField()),
                ("is_forgotten", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "subject_id", "until"], name="former_of_row"),
                    models.Index(fields=["subject", "owner_id", "until"], name="former_of_owner"),
                ],
            },
        ),
        migrations.RunSQL(FORMER, UNDO),
    ]
