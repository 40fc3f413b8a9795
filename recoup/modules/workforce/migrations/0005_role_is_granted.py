"""What somebody may do stands in their grants alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workforce", "0004_guards")]
    operations = [
        migrations.RemoveConstraint("user", "staff_role_is_known"),
        migrations.RemoveField("user", "role"),
    ]
