"""The tables are written anew, so that no page of theirs keeps what stood there in clear."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("parties", "0005_nothing_in_clear")]
    operations = [
        migrations.RunSQL("VACUUM FULL parties_party", migrations.RunSQL.noop),
        migrations.RunSQL("VACUUM FULL parties_contactpoint", migrations.RunSQL.noop),
    ]
