"""Whoever writes blind indexes, and what they must know while a lender's index key changes.

A new key is given only between writers: nobody writes an index under the key of before any more
once it has changed. What a file is about is brought under the new key before it is compared.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from recoup.foundation import db
from recoup.foundation.vault import anew, data_keys
from recoup.foundation.vault.fields import Column
from recoup.foundation.vault.models import DataKey
from recoup.foundation.vault.rules import Purpose

WRITERS_LOCK = 0x1DE7
PORTION = 2_000


@contextmanager
def writing(lender_id: int) -> Iterator[None]:
    """The lender's index key stays what it is meanwhile; the session holds it, not a transaction.

    Waits while one is being given (a moment).
    """
    lock = [WRITERS_LOCK, lender_id]
    db.ask("SELECT pg_advisory_lock_shared(%s, %s)", lock)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            db.ask("SELECT pg_advisory_unlock_shared(%s, %s)", lock)


def wait_for_writers(lender_id: int) -> None:
    """Until this transaction ends nobody writes the lender's indexes."""
    db.ask("SELECT pg_advisory_xact_lock(%s, %s)", [WRITERS_LOCK, lender_id])


def bring_forward(lender_id: int, *, table: str, which: str) -> int:
    """Index these rows under the present key, if some may still be under another; how many were.

    `which` is a condition on the row `t`. Inside the caller's transaction: rows somebody holds are
    waited for.
    """
    if not DataKey.objects.filter(
        lender_id=lender_id, purpose=Purpose.INDEX, is_active=False
    ).exists():
        return 0
    key = anew.NewKey(lender_id, Purpose.INDEX, data_keys.active(lender_id, Purpose.INDEX)[0])
    return sum(_all_of(column, key, which) for column in key.columns if column.table == table)


def _all_of(column: Column, key: anew.NewKey, which: str) -> int:
    last = done = 0
    while True:
        last, rows = anew.make_anew(
            column, key, after=last, most=PORTION, which=which, held=anew.WAIT_FOR_HELD
        )
        if last == 0:
            return done
        done += rows
