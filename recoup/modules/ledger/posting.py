"""Posting: payments and adjustments meet dues, for one account or for all.

The semantics are those of `recoup.core.account`. For many accounts at once SQL does the same:
events of one account depend on each other, so they go in rounds, the first event of every account
at once, then every second one; on a usual night there is one round or two. One account alone, and
the few with a long queue, are shared out by core itself. A property test holds both equal to the
cent.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection

from recoup.foundation import db
from recoup.modules.ledger import past
from recoup.modules.ledger.one_account import share_out

SQL = Path(__file__).parent / "sql"
# From so many rounds on an account goes by core, unless many accounts are as long.
LONG, FEW = 16, 200


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be posted: how many events in how many rounds, and of what sort."""

    events: int
    rounds: int
    anything_late: bool
    has_refunds: bool


def post_payments(*, as_of: date, at: datetime, contract_id: int | None = None) -> int:
    """Post every payment, adjustment and reversal known for `as_of`; return how many were posted.

    Runs inside the caller's transaction. Safe to run twice: what is posted is not new any more.
    """
    db.run_sql(SQL / "work_tables.sql")
    db.run_sql(SQL / "queue_payments.sql", as_of=as_of, contract_id=contract_id)
    queue = _measure_queue()
    if queue.anything_late:
        db.run_sql(SQL / "undo_rederived.sql")
    if contract_id is None:
        _post_in_rounds(queue)
    elif queue.events:
        share_out(contract_id)
    changes_past = past.note(as_of)
    db.run_sql(SQL / "book_entries.sql", as_of=as_of, at=at)
    if changes_past:
        past.tell(past.News(as_of, at, contract_id))
    return queue.events


def _post_in_rounds(queue: Queue) -> None:
    """Every account at once, but the few long ones each by core."""
    rounds = queue.rounds
    if rounds > LONG:
        long = _long_accounts()
        if len(long) <= FEW:
            for contract_id in long:
                share_out(contract_id)
            rounds = LONG
    for ordinal in range(1, rounds + 1):
        _post_round(ordinal, with_refunds=queue.has_refunds)


def _long_accounts() -> list[int]:
    rows = db.ask(
        "SELECT DISTINCT contract_id FROM ledger_queue WHERE ordinal = %s ORDER BY 1", [LONG + 1]
    )
    return [row["contract_id"] for row in rows]


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
