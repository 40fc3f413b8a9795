"""Columns for what is sealed of a refused row, beside those in clear."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_schedule_from_terms"), ("vault", "0001_initial")]
    operations = [
        migrations.AddField("quarantinedrow", "is_personal", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("quarantinedrow", "cell_sealed", models.BinaryField(null=True)),
        migrations.AddField("quarantinedrow", "raw_sealed", models.BinaryField(null=True)),
    ]
