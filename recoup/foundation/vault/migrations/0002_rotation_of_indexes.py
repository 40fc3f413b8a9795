"""A rotation says which key it changes: the one that seals or the one that indexes."""

from django.db import migrations, models

DONE = models.Q(("state", "DONE"))


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [
        migrations.AddField("rotation", "purpose", models.CharField(db_default="SEAL", default="SEAL", max_length=8)),
        migrations.RemoveConstraint("rotation", "one_rotation_at_a_time"),
        migrations.AddConstraint(
            "rotation",
            models.UniqueConstraint(
                condition=~DONE, fields=("lender_id", "purpose"), name="one_rotation_per_purpose"
            ),
        ),
    ]
