"""Posting: payments and adjustments meet dues, for one account or for all, by the same SQL.

The semantics are those of `recoup.core.account`; a property test holds both equal to the cent.
Payments of one account depend on each other, so they go in rounds: the first payment of every
account at once, then every second one. On a usual night there is one round or two.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def post_payments(*, as_of: date, at: datetime, contract_id: int | None = None) -> int:
    """Post every payment, adjustment and reversal known for `as_of`; return how many were posted.

    Runs inside the caller's transaction. Safe to run twice: what is posted is not new any more.
    """
    db.run_sql(SQL / "work_tables.sql")
    db.run_sql(SQL / "queue_payments.sql", as_of=as_of, contract_id=contract_id)
    queue = _measure_queue()
    if queue.anything_late:
        db.run_sql(SQL / "undo_rederived.sql")
    for ordinal in range(1, queue.rounds + 1):
        _post_round(ordinal, with_refunds=queue.has_refunds)
    db.run_sql(SQL / "book_entries.sql", as_of=as_of, at=at)
    return queue.events


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be posted: how many events in how many rounds, and of what sort."""

    events: int
    rounds: int
    anything_late: bool
    has_refunds: bool


def _measure_queue() -> Queue:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(max(ordinal), 0),"
            " (SELECT coalesce(bool_or(rederive), false) FROM ledger_locked),"
            " coalesce(bool_or(settles_from IS NULL), false) FROM ledger_queue"
        )
        return Queue(*(cursor.fetchone() or (0, 0, False, False)))


def _post_round(ordinal: int, *, with_refunds: bool) -> None:
    """One event of each account: what is due first, then in advance, then onto the dues."""
    db.run_sql(SQL / "allocate_due.sql", ordinal=ordinal)
    while db.run_sql(SQL / "allocate_advance.sql", ordinal=ordinal):
        pass
    if with_refunds:
        db.run_sql(SQL / "allocate_refund.sql", ordinal=ordinal)
    db.run_sql(SQL / "apply_allocations.sql", ordinal=ordinal)
