"""A small shortfall of an instalment may be owed without making the account late (容差)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_last_payment")]
    operations = [
        migrations.AddField(
            model_name="account",
            name="tolerance_pct",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("tolerance_pct__range", (0, 99))), name="tolerance_is_in_range"
            ),
        ),
    ]
