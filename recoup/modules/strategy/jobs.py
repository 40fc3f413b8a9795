"""The strategy's part of the night."""

from datetime import date
from pathlib import Path

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def decide(*, as_of: date) -> int:
    """Decide every live case by the live strategy; return the number of decisions."""
    return db.run_sql(SQL / "decide.sql", as_of=as_of)
