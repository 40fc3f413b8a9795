"""Changing keys while everybody works: a new data key, and all that is kept under it, by and by.

A portion is one transaction: rows nobody holds are locked, opened and made anew. Until the end both
keys serve: the old one opens what is not sealed anew yet, and finds what is not indexed anew yet.
What somebody seals under the old key meanwhile is found by the next round; nobody indexes under it
any more. A rotation that is stopped or killed goes on where it was.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from recoup.foundation import db
from recoup.foundation.vault import data_keys, indexing
from recoup.foundation.vault.anew import NewKey, is_used, left_over, make_anew
from recoup.foundation.vault.models import DataKey, Rotation
from recoup.foundation.vault.refusals import RotationRunning
from recoup.foundation.vault.rules import Purpose, RotationState

PORTION = 2_000
WAIT_SECONDS = 0.2  # for rows that somebody else holds
ROTATION_LOCK = 0x7A11
SETTLE_SECONDS = 2.0  # for searches that looked up the index keys before there was a new one
QUIET = timedelta(days=1)  # how long a key that sealed may still be in some process's hands


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rotation is: the column it is at, rows made anew, rows that are left."""

    lender_id: int
    purpose: Purpose
    state: RotationState
    column: str
    rows: int
    left_over: int
    began_at: datetime


def rotate(
    lender_id: int,
    purpose: Purpose = Purpose.SEAL,
    *,
    tell: Callable[[str, int], None] = lambda column, rows: None,
    most: int = PORTION,
) -> RotationState:
    """Give a lender a new key and make everything anew under it; go on with one that was begun.

    A lender without blind indexes gets no key for them. At the end the old index key is destroyed;
    a key that sealed is left to `drop_unused`.
    Returns DONE, or STOPPED if somebody said so. Raises RotationRunning.
    """
    with _alone(lender_id):
        if purpose is Purpose.INDEX and not _keys(lender_id, purpose).exists():
            return RotationState.DONE
        number = _begin(lender_id, purpose)
        if purpose is Purpose.INDEX:
            time.sleep(SETTLE_SECONDS)
        while (state := _portion(number, most, tell)) is RotationState.RUNNING:
            continue
        return state


def stop(lender_id: int) -> bool:
    """Let a running rotation end after its portion; whether there was one."""
    running = Rotation.objects.filter(lender_id=lender_id, state=RotationState.RUNNING)
    return bool(running.update(state=RotationState.STOPPED))


def progress() -> list[Progress]:
    """Every rotation that is not done, and what is left of it."""
    unfinished = Rotation.objects.exclude(state=RotationState.DONE)
    return [_progress(one) for one in unfinished.order_by("lender_id", "purpose")]


def drop_unused(*, at: datetime) -> int:
    """Destroy data keys that seal nothing any more, a day after they were replaced; how many.

    What only they opened (an old backup of the tables) can be opened no more.
    """
    dropped = 0
    finished = Rotation.objects.filter(
        purpose=Purpose.SEAL, state=RotationState.DONE, ended_at__lt=at - QUIET
    )
    for lender_id in set(finished.values_list("lender_id", flat=True)):
        for old in _keys(lender_id, Purpose.SEAL).filter(is_active=False):
            key = NewKey(lender_id, Purpose.SEAL, old.pk)
            if not any(is_used(column, key) for column in key.columns):
                old.delete()
                dropped += 1
    return dropped


def _progress(one: Rotation) -> Progress:
    key = _new_key(one)
    return Progress(
        lender_id=one.lender_id,
        purpose=key.purpose,
        state=RotationState(one.state),
        column=one.column,
        rows=one.rows,
        left_over=sum(left_over(column, key) for column in key.columns),
        began_at=one.began_at,
    )


def _keys(lender_id: int, purpose: Purpose) -> QuerySet[DataKey]:
    return DataKey.objects.filter(lender_id=lender_id, purpose=purpose)


def _new_key(rotation: Rotation) -> NewKey:
    return NewKey(rotation.lender_id, Purpose(rotation.purpose), rotation.new_key_id)


@db.use_case()
def _begin(lender_id: int, purpose: Purpose) -> int:
    known = Rotation.objects.filter(lender_id=lender_id, purpose=purpose)
    if unfinished := known.exclude(state=RotationState.DONE).first():
        Rotation.objects.filter(pk=unfinished.pk).update(state=RotationState.RUNNING)
        return int(unfinished.pk)
    if purpose is Purpose.INDEX:
        indexing.wait_for_writers(lender_id)
    _keys(lender_id, purpose).update(is_active=False)
    key_id, _ = data_keys.active(lender_id, purpose)
    begun = Rotation.objects.create(lender_id=lender_id, purpose=purpose, new_key_id=key_id)
    return int(begun.pk)


def _portion(number: int, most: int, tell: Callable[[str, int], None]) -> RotationState:
    """Make one portion anew, or go on to the next column, the next round, the end."""
    rotation = Rotation.objects.get(pk=number)
    if rotation.state != RotationState.RUNNING:
        return RotationState(rotation.state)
    key = _new_key(rotation)
    names = [column.name for column in key.columns]
    is_known = rotation.column in names
    at = names.index(rotation.column) if is_known else 0
    after = rotation.after_id if is_known else 0
    with db.use_case():
        last, rows = make_anew(key.columns[at], key, after=after, most=most)
        moved = {"column": names[at], "after_id": last, "rows": rotation.rows + rows}
        if last == 0:
            moved |= {"column": names[(at + 1) % len(names)]}
        Rotation.objects.filter(pk=number).update(**moved)
    tell(names[at], rotation.rows + rows)
    if last == 0 and at + 1 == len(names):
        return _end_or_next_round(rotation, key)
    return RotationState.RUNNING


def _end_or_next_round(rotation: Rotation, key: NewKey) -> RotationState:
    """Done when nothing is left; what others held or sealed meanwhile is another round's."""
    if any(left_over(column, key) for column in key.columns):
        time.sleep(WAIT_SECONDS)
        return RotationState.RUNNING
    with db.use_case(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_rotation SET state = 'DONE', ended_at = now()"
            " WHERE id = %s AND state = 'RUNNING'",
            [rotation.pk],
        )
        if key.purpose is Purpose.INDEX and cursor.rowcount:
            _keys(key.lender_id, key.purpose).filter(is_active=False).delete()
    return RotationState(Rotation.objects.get(pk=rotation.pk).state)


@contextmanager
def _alone(lender_id: int) -> Iterator[None]:
    """Hold the lender's keys; the database lets go of them if the process dies."""
    lock = [ROTATION_LOCK, lender_id]
    if not db.ask("SELECT pg_try_advisory_lock(%s, %s) AS mine", lock)[0]["mine"]:
        raise RotationRunning(lender=lender_id)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            db.ask("SELECT pg_advisory_unlock(%s, %s)", lock)
