"""The column in clear goes, and no page of the table keeps what stood there."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("parties", "0010_seal_birthdays")]
    operations = [
        migrations.RemoveField("party", "born_on"),
        migrations.RunSQL("VACUUM FULL parties_party", migrations.RunSQL.noop),
    ]
