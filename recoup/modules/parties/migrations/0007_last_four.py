"""The last four digits as a column: a function in an index is not used under row level security."""

from django.db import migrations, models
from django.db.models.functions import Right

CALLABLE = models.Q(kind__in=["MOBILE", "PHONE"])


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_written_anew")]
    operations = [
        migrations.RemoveIndex("contactpoint", "contact_by_last_four"),
        migrations.AddField(
            "contactpoint",
            "last_four",
            models.GeneratedField(
                db_persist=True,
                expression=Right("value_masked", 4),
                output_field=models.CharField(max_length=4),
            ),
        ),
        migrations.AddIndex(
            "contactpoint",
            models.Index(fields=["last_four"], condition=CALLABLE, name="contact_by_last_four"),
        ),
    ]
