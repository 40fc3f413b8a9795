"""Seal birthdays. In portions, each committed: a migration that was killed goes on."""

from django.db import migrations

from recoup.modules.parties.sealing_existing import seal_birthdays


def seal(apps, schema_editor):
    seal_birthdays()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("parties", "0009_birthdays_sealed")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
