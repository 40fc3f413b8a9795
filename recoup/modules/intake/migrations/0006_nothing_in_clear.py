"""The rows in clear go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_seal_existing")]
    operations = [migrations.RemoveField("quarantinedrow", "raw")]
