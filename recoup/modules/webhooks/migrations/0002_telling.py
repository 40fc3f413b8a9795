"""Events are taken from the timeline and the ledger, in the transaction that writes them."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_initial"),
        ("cases", "0005_closed_cases"),
        ("ledger", "0006_duties_are_separate"),
    ]
    operations = [
        migrations.RunSQL(
            (SQL / "0002_telling.sql").read_text(), (SQL / "0002_silent.sql").read_text()
        )
    ]
