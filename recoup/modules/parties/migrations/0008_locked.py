"""What is kept and no longer used says so on its row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0007_last_four")]
    operations = [
        migrations.AddField(
            model_name="party",
            name="is_locked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("is_locked", True)), fields=["id"], name="locked_party"
            ),
        ),
    ]
