"""The columns in clear go, and no page of the table keeps what stood there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("vehicles", "0004_seal_existing")]
    operations = [
        migrations.RemoveIndex("vehicle", "vehicle_by_plate"),
        migrations.RemoveField("vehicle", "plate"),
        migrations.RemoveField("vehicle", "vin"),
        migrations.AddIndex(
            "vehicle",
            models.Index(
                fields=["plate_index"],
                condition=models.Q(plate_index__isnull=False),
                name="vehicle_by_plate",
            ),
        ),
        migrations.AddIndex(
            "vehicle",
            models.Index(
                fields=["vin_index"],
                condition=models.Q(vin_index__isnull=False),
                name="vehicle_by_vin",
            ),
        ),
        migrations.RunSQL("VACUUM FULL vehicles_vehicle", migrations.RunSQL.noop),
    ]
