"""Wrong passwords are counted by django-axes (ADR 31)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workforce", "0007_access_keeps_its_plan")]
    operations = [migrations.DeleteModel("FailedSignIn")]
