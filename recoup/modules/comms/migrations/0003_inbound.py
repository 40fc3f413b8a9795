"""A call may have been the borrower's: the limits count only those which we began."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comms", "0002_day_lists")]
    operations = [
        migrations.AddField(
            "call", "inbound", models.BooleanField(default=False, db_default=False)
        ),
    ]
