"""Indexes for those who read the record by act or by lender."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_former")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["act", "at"], name="event_of_act"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["lender_id", "at"],
                condition=models.Q(("lender_id__isnull", False)),
                name="audit_event_of_lender",
            ),
        ),
    ]
