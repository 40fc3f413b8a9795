"""The closed cases of a contract are found by it: whoever had one sees it for some time yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_agency")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False)),
                fields=["contract_id"],
                name="closed_case_of_contract",
            ),
        ),
    ]
