"""The worklists' part of the night."""

from datetime import date
from pathlib import Path

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def write_worklists(*, as_of: date) -> int:
    """Write every collector's worklist for the day; return the number of cases on them."""
    return db.run_sql(SQL / "worklists.sql", as_of=as_of)
