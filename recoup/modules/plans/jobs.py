"""The promises' part of the night."""

from datetime import date
from pathlib import Path

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def decide_again(*, as_of: date) -> int:
    """Promises of accounts in `ledger_past` are judged by the money as known now; how many changed.

    Inside the transaction that posts.
    """
    return db.run_sql(SQL / "decide_again.sql", as_of=as_of)


def decide_promises(*, as_of: date) -> int:
    """Kept, partly kept or broken: decided from the money; return how many were decided."""
    return db.run_sql(SQL / "decide_promises.sql", as_of=as_of)
