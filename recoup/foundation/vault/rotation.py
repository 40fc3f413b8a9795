"""Changing keys while everybody works: a new data key, and every sealed value under it, by and by.

A portion is one transaction: rows nobody holds are locked, opened, sealed anew and written back if
they are still what was read (compare and swap). The old key goes on opening what is not done yet,
and what somebody seals under it meanwhile is found by the next round. A rotation that is stopped or
killed goes on where it was.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from recoup.foundation import db
from recoup.foundation.vault import data_keys, sealing
from recoup.foundation.vault.envelope import Sealer, head
from recoup.foundation.vault.fields import SealedColumn, sealed_columns
from recoup.foundation.vault.models import DataKey, Rotation
from recoup.foundation.vault.refusals import RotationRunning
from recoup.foundation.vault.rules import Purpose, RotationState

PORTION = 2_000
WAIT_SECONDS = 0.2  # for rows that somebody else holds
ROTATION_LOCK = 0x7A11
QUIET = timedelta(days=1)  # how long a key that sealed may still be in some process's hands

_ROWS = """
SELECT t.{key} AS id, t.{column} AS sealed, named.ref
  FROM {table} t
 CROSS JOIN LATERAL ({whose}) AS named (lender_id, ref)
 WHERE t.{key} > %(after)s AND t.{column} IS NOT NULL
   AND substring(t.{column} FOR 5) <> %(head)s
   AND named.lender_id = %(lender_id)s
 ORDER BY t.{key} LIMIT %(most)s
   FOR NO KEY UPDATE OF t SKIP LOCKED
"""
_SWAP = """
UPDATE {table} t SET {column} = kept.new
  FROM unnest(%(ids)s::bigint[], %(olds)s::bytea[], %(news)s::bytea[]) AS kept (id, old, new)
 WHERE t.{key} = kept.id AND t.{column} = kept.old
"""
_LEFT = """
SELECT count(*) AS left_over FROM {table} t
 CROSS JOIN LATERAL ({whose}) AS named (lender_id, ref)
 WHERE t.{column} IS NOT NULL AND named.lender_id = %(lender_id)s
   AND substring(t.{column} FOR 5) <> %(head)s
"""
_USED = "SELECT 1 FROM {table} t WHERE substring(t.{column} FOR 5) = %(head)s LIMIT 1"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rotation is: the column it is at, rows sealed anew, rows that are left."""

    lender_id: int
    state: RotationState
    column: str
    rows: int
    left_over: int
    began_at: datetime


def rotate(
    lender_id: int,
    *,
    tell: Callable[[str, int], None] = lambda column, rows: None,
    most: int = PORTION,
) -> RotationState:
    """Give a lender a new data key and seal everything under it; go on with one that was begun.

    Returns DONE, or STOPPED if somebody said so. Raises RotationRunning.
    """
    with _alone(lender_id):
        number = _begin(lender_id)
        while (state := _portion(number, most, tell)) is RotationState.RUNNING:
            continue
        return state


def stop(lender_id: int) -> bool:
    """Let a running rotation end after its portion; whether there was one."""
    running = Rotation.objects.filter(lender_id=lender_id, state=RotationState.RUNNING)
    return bool(running.update(state=RotationState.STOPPED))


def progress() -> list[Progress]:
    """Every rotation that is not done, and what is left of it."""
    return [
        Progress(
            one.lender_id,
            RotationState(one.state),
            one.column,
            one.rows,
            sum(_left_over(column, one) for column in sealed_columns()),
            one.began_at,
        )
        for one in Rotation.objects.exclude(state=RotationState.DONE).order_by("lender_id")
    ]


def drop_unused(*, at: datetime) -> int:
    """Destroy data keys that seal nothing any more, a day after they were replaced; how many.

    What only they opened (an old backup of the tables) can be opened no more.
    """
    dropped = 0
    finished = Rotation.objects.filter(state=RotationState.DONE, ended_at__lt=at - QUIET)
    for lender_id in set(finished.values_list("lender_id", flat=True)):
        old = DataKey.objects.filter(lender_id=lender_id, purpose=Purpose.SEAL, is_active=False)
        for key in old:
            if not any(_is_used(column, key.pk) for column in sealed_columns()):
                key.delete()
                dropped += 1
    return dropped


@db.use_case()
def _begin(lender_id: int) -> int:
    known = Rotation.objects.filter(lender_id=lender_id).exclude(state=RotationState.DONE).first()
    if known is not None:
        Rotation.objects.filter(pk=known.pk).update(state=RotationState.RUNNING)
        return int(known.pk)
    DataKey.objects.filter(lender_id=lender_id, purpose=Purpose.SEAL).update(is_active=False)
    key_id, _ = data_keys.active(lender_id, Purpose.SEAL)
    return int(Rotation.objects.create(lender_id=lender_id, new_key_id=key_id).pk)


def _portion(number: int, most: int, tell: Callable[[str, int], None]) -> RotationState:
    """Seal one portion anew, or go on to the next column, the next round, the end."""
    rotation = Rotation.objects.get(pk=number)
    columns = list(sealed_columns())
    if rotation.state != RotationState.RUNNING:
        return RotationState(rotation.state)
    names = [column.name for column in columns]
    at = names.index(rotation.column) if rotation.column in names else 0
    with db.use_case():
        last, rows = _seal_anew(columns[at], rotation, most)
        moved = {"column": names[at], "after_id": last, "rows": rotation.rows + rows}
        if last == 0:
            following = at + 1 if at + 1 < len(columns) else 0
            moved |= {"column": names[following]}
        Rotation.objects.filter(pk=number).update(**moved)
    tell(names[at], rotation.rows + rows)
    if last == 0 and at + 1 == len(columns):
        return _end_or_next_round(rotation, columns)
    return RotationState.RUNNING


def _end_or_next_round(rotation: Rotation, columns: list[SealedColumn]) -> RotationState:
    """Done when nothing is left; what others held or sealed meanwhile is another round's."""
    if any(_left_over(column, rotation) for column in columns):
        time.sleep(WAIT_SECONDS)
        return RotationState.RUNNING
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_rotation SET state = 'DONE', ended_at = now()"
            " WHERE id = %s AND state = 'RUNNING'",
            [rotation.pk],
        )
    return RotationState.DONE


def _seal_anew(column: SealedColumn, rotation: Rotation, most: int) -> tuple[int, int]:
    """One portion of a column; the last id looked at (0: no more), and how many were written."""
    found = db.ask(
        _filled(_ROWS, column),
        {
            "after": rotation.after_id if rotation.column == column.name else 0,
            "head": head(rotation.new_key_id),
            "lender_id": rotation.lender_id,
            "most": most,
        },
    )
    if not found:
        return 0, 0
    _, key = data_keys.by_id(rotation.new_key_id)
    sealer = Sealer(rotation.lender_id, rotation.new_key_id, key)
    news = _sealed_anew(column, rotation.lender_id, found, sealer)
    with connection.cursor() as cursor:
        cursor.execute(
            _filled(_SWAP, column),
            {
                "ids": [row["id"] for row in found],
                "olds": [row["sealed"] for row in found],
                "news": news,
            },
        )
        return int(found[-1]["id"]), cursor.rowcount


def _sealed_anew(
    column: SealedColumn, lender_id: int, rows: list[dict[str, Any]], sealer: Sealer
) -> list[bytes]:
    abouts = [f"{column.name}/{row['ref']}" for row in rows]
    plain = sealing.open_all(
        ((row["sealed"], about) for row, about in zip(rows, abouts, strict=True)),
        lender_id=lender_id,
    )
    return [sealer.seal(text, about) for text, about in zip(plain, abouts, strict=True)]


def _left_over(column: SealedColumn, rotation: Rotation) -> int:
    asked = {"lender_id": rotation.lender_id, "head": head(rotation.new_key_id)}
    return int(db.ask(_filled(_LEFT, column), asked)[0]["left_over"])


def _is_used(column: SealedColumn, key_id: int) -> bool:
    return bool(db.ask(_filled(_USED, column), {"head": head(key_id)}))


def _filled(statement: str, column: SealedColumn) -> str:
    """A statement about one column; names come from the models, never from outside."""
    return statement.format(
        table=f'"{column.table}"', column=f'"{column.column}"', key=f'"{column.key}"',
        whose=column.whose,
    )  # fmt: skip


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
