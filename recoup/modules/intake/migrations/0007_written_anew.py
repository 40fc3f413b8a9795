"""The table is written anew, so that no page of it keeps what stood there in clear."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("intake", "0006_nothing_in_clear")]
    operations = [migrations.RunSQL("VACUUM FULL intake_quarantinedrow", migrations.RunSQL.noop)]
