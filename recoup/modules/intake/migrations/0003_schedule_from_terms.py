from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_batch_progress")]
    operations = [
        migrations.AddField(
            model_name="batch",
            name="schedule_from_terms",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
