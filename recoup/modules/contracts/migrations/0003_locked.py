"""What is kept and no longer used says so on its row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_search")]
    operations = [
        migrations.AddField(
            model_name="contract",
            name="is_locked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("is_locked", True)), fields=["id"], name="locked_contract"
            ),
        ),
    ]
