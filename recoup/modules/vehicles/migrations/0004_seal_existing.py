"""Seal what stood in clear. In portions, each committed: a migration that was killed goes on."""

from django.db import migrations

from recoup.modules.vehicles.sealing_existing import seal_vehicles


def seal(apps, schema_editor):
    seal_vehicles()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("vehicles", "0003_sealed_columns")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
