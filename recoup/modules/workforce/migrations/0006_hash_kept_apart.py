"""People are read without their password's hash: the table shows it to no process."""

from django.db import migrations

import recoup.modules.workforce.people


class Migration(migrations.Migration):
    dependencies = [("workforce", "0005_role_is_granted")]
    operations = [
        migrations.AlterModelManagers(
            name="user",
            managers=[("objects", recoup.modules.workforce.people.People())],
        ),
        migrations.AlterModelOptions(
            name="user",
            options={
                "base_manager_name": "objects",
                "verbose_name": "user",
                "verbose_name_plural": "users",
            },
        ),
    ]
