"""The night's question: what is overdue on every contract today?"""

from datetime import date
from pathlib import Path

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def snapshot_day(*, as_of: date) -> int:
    """Rewrite the arrears of one business day; return the number of contracts in arrears."""
    return db.run_sql(SQL / "snapshot_day.sql", as_of=as_of)
