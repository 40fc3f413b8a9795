"""The cases' part of the night: cured, moved, opened, told, treated, assigned."""

from datetime import date, datetime
from pathlib import Path

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def cure(*, as_of: date, at: datetime) -> int:
    """Close the cases whose arrears are paid."""
    return db.run_sql(SQL / "cure.sql", as_of=as_of, at=at)


def move(*, as_of: date, at: datetime) -> int:
    """Move live cases to the bucket of the day."""
    return db.run_sql(SQL / "move.sql", as_of=as_of, at=at)


def open_cases(*, as_of: date, at: datetime) -> int:
    """Open a case for every contract newly late."""
    return db.run_sql(SQL / "open.sql", as_of=as_of, at=at)


def tell_promises(*, as_of: date, at: datetime) -> int:
    """Write the night's verdicts on promises onto the timeline."""
    return db.run_sql(SQL / "tell_promises.sql", as_of=as_of, at=at)


def treat(*, as_of: date, at: datetime) -> int:
    """Give each case the treatment the strategy decided."""
    return db.run_sql(SQL / "treat.sql", as_of=as_of, at=at)


def assign(*, as_of: date, at: datetime) -> int:
    """Give cases without a collector to the collectors with the fewest."""
    return db.run_sql(SQL / "assign.sql", as_of=as_of, at=at)
