"""The look-back's part of the night."""

from datetime import date
from pathlib import Path

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def count_flows(*, as_of: date) -> int:
    """Count the flow between buckets since the last night."""
    return db.run_sql(SQL / "count_flows.sql", as_of=as_of)
