"""Wrong passwords are counted by django-axes (ADR 31)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workforce", "0006_hash_kept_apart")]
    operations = [migrations.DeleteModel("FailedSignIn")]
