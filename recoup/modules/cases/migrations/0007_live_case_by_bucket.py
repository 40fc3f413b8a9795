"""The list of all live cases is read in its order, a page at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_locked'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('bucket'), descending=True), models.F('id'), condition=models.Q(('closed_on', None)), name='live_case_by_bucket'),
        ),
    ]
