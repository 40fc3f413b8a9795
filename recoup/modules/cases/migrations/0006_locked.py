"""What is kept and no longer used says so on its row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_closed_cases")]
    operations = [
        migrations.AddField(
            model_name="case",
            name="is_locked",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
