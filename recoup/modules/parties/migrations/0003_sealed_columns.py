"""Columns for what is sealed, masked and indexed, beside those in clear; and who saw originals."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# purpose, how many one person may see within an hour
LIMITS = (
    ("CALL", 60), ("IDENTITY_CHECK", 60), ("LETTER", 60),
    ("CORRECTION", 30), ("COMPLAINT", 30), ("LEGAL", 30),
)


def add_limits(apps, schema_editor):
    limit = apps.get_model("parties", "RevealLimit")
    for purpose, per_hour in LIMITS:
        limit.objects.create(purpose=purpose, per_hour=per_hour)


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_search"), ("vault", "0001_initial")]
    operations = [
        migrations.AddField("party", "name_sealed", models.BinaryField(null=True)),
        migrations.AddField("party", "name_masked", models.CharField(max_length=200, null=True)),
        migrations.AddField("party", "name_index", models.BinaryField(null=True)),
        migrations.AddField("party", "id_number_sealed", models.BinaryField(null=True)),
        migrations.AddField("party", "id_number_masked", models.CharField(db_default="", default="", max_length=64)),
        migrations.AddField("party", "id_number_index", models.BinaryField(null=True)),
        migrations.AddField("party", "employer_sealed", models.BinaryField(null=True)),
        migrations.AddField("party", "employer_masked", models.CharField(db_default="", default="", max_length=200)),
        migrations.AddField("party", "employer_index", models.BinaryField(null=True)),
        migrations.AddField("contactpoint", "value_sealed", models.BinaryField(null=True)),
        migrations.AddField("contactpoint", "value_masked", models.CharField(max_length=300, null=True)),
        migrations.AddField("contactpoint", "value_index", models.BinaryField(null=True)),
        migrations.CreateModel(
            name="Reveal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("contact_point_id", models.BigIntegerField(null=True)),
                ("purpose", models.CharField(max_length=16)),
                ("reason", models.CharField(db_default="", default="", max_length=500)),
                ("party", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="parties.party")),
            ],
            options={
                "indexes": [models.Index(fields=["actor_id", "purpose", "at"], name="reveals_of_actor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["CALL", "IDENTITY_CHECK", "LETTER", "CORRECTION", "COMPLAINT", "LEGAL"])),
                        name="reveal_purpose_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RevealLimit",
            fields=[
                ("purpose", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("per_hour", models.IntegerField()),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RunPython(add_limits, migrations.RunPython.noop),
    ]
