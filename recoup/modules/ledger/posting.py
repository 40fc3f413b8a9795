"""Posting: payments meet dues, for one account or for all, by the same SQL.

The semantics are those of `recoup.core.account`; a property test holds both equal to the cent.
Payments of one account depend on each other, so they go in rounds: the first payment of every
account at once, then every second one. On a usual night there is one round or two.
"""

from datetime import date, datetime
from pathlib import Path

from django.db import connection

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def post_payments(*, as_of: date, at: datetime, contract_id: int | None = None) -> int:
    """Post every payment and reversal known for `as_of`; return how many payments were shared out.

    Runs inside the caller's transaction. Safe to run twice: what is posted is not new any more.
    """
    db.run_sql(SQL / "work_tables.sql")
    db.run_sql(SQL / "queue_payments.sql", as_of=as_of, contract_id=contract_id)
    payments, rounds, anything_late = _measure_queue()
    if anything_late:
        db.run_sql(SQL / "undo_rederived.sql")
    for ordinal in range(1, rounds + 1):
        _post_round(ordinal)
    db.run_sql(SQL / "book_entries.sql", as_of=as_of, at=at)
    return payments


def _measure_queue() -> tuple[int, int, bool]:
    """How many payments, in how many rounds, and whether any account must be derived anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(max(ordinal), 0),"
            " (SELECT coalesce(bool_or(rederive), false) FROM ledger_locked) FROM ledger_queue"
        )
        payments, rounds, anything_late = cursor.fetchone() or (0, 0, False)
    return int(payments), int(rounds), bool(anything_late)


def _post_round(ordinal: int) -> None:
    """One payment of each account: what is due first, then in advance, then onto the dues."""
    db.run_sql(SQL / "allocate_due.sql", ordinal=ordinal)
    while db.run_sql(SQL / "allocate_advance.sql", ordinal=ordinal):
        pass
    db.run_sql(SQL / "apply_allocations.sql", ordinal=ordinal)
