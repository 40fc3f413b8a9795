"""Seal what stood in clear. In portions, each committed: a migration that was killed goes on."""

from django.db import migrations

from recoup.modules.parties.sealing_existing import seal_contacts, seal_parties


def seal(apps, schema_editor):
    seal_parties()
    seal_contacts()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("parties", "0003_sealed_columns")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
