"""Rows of one column under a new key: found, locked, opened, made anew and written back.

For sealed values and for blind indexes alike: both begin with the number of their key, and both
are made of what is sealed. A portion is one transaction; a row is written only if it still holds
what was read (compare and swap).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from recoup.foundation import db
from recoup.foundation.vault import data_keys, sealing
from recoup.foundation.vault.envelope import Sealer, head
from recoup.foundation.vault.fields import (
    Column,
    IndexColumn,
    SealedColumn,
    index_columns,
    sealed_columns,
)
from recoup.foundation.vault.rules import Purpose

SKIP_HELD, WAIT_FOR_HELD = "SKIP LOCKED", ""

# What somebody was forgotten by is empty and stays so.
_OTHERS = """
  FROM {table} t
 CROSS JOIN LATERAL ({whose}) AS named (lender_id, ref)
 WHERE t.{column} <> ''
   AND substring(t.{column} FOR length(%(head)s::bytea)) <> %(head)s
   AND named.lender_id = %(lender_id)s
"""
_ROWS = (
    "SELECT t.{key} AS id, t.{column} AS old, t.{sealed} AS sealed, named.ref"
    + _OTHERS
    + """   AND t.{key} > %(after)s AND ({which})
 ORDER BY t.{key} LIMIT %(most)s
   FOR NO KEY UPDATE OF t {held}
"""
)
_SWAP = """
UPDATE {table} t SET {column} = kept.new
  FROM unnest(%(ids)s::bigint[], %(olds)s::bytea[], %(news)s::bytea[]) AS kept (id, old, new)
 WHERE t.{key} = kept.id AND t.{column} = kept.old
"""
_LEFT = "SELECT count(*) AS left_over" + _OTHERS
_USED = """
SELECT 1 FROM {table} t WHERE substring(t.{column} FOR length(%(head)s::bytea)) = %(head)s LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class NewKey:
    """The key a lender's rows are to be under."""

    lender_id: int
    purpose: Purpose
    key_id: int

    @property
    def columns(self) -> list[Column]:
        """The columns it concerns, in a fixed order."""
        return list(sealed_columns() if self.purpose is Purpose.SEAL else index_columns())

    @property
    def head(self) -> bytes:
        """How what is under it begins."""
        return head_of(self.purpose, self.key_id)


def head_of(purpose: Purpose, key_id: int) -> bytes:
    """How what is under a key begins."""
    return head(key_id) if purpose is Purpose.SEAL else sealing.index_head(key_id)


def make_anew(
    column: Column, key: NewKey, *, after: int, most: int, which: str = "true",
    held: str = SKIP_HELD,
) -> tuple[int, int]:  # fmt: skip
    """One portion of a column; the last id looked at (0: no more), and how many were written."""
    asked = {"after": after, "head": key.head, "lender_id": key.lender_id, "most": most}
    found = db.ask(_filled(_ROWS, column, which=which, held=held), asked)
    if not found:
        return 0, 0
    rows = {
        "ids": [row["id"] for row in found],
        "olds": [row["old"] for row in found],
        "news": list(_anew(column, key, found)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_filled(_SWAP, column), rows)
        return int(found[-1]["id"]), cursor.rowcount


def left_over(column: Column, key: NewKey) -> int:
    """How many rows are under another key."""
    asked = {"lender_id": key.lender_id, "head": key.head}
    return int(db.ask(_filled(_LEFT, column), asked)[0]["left_over"])


def is_used(column: Column, key: NewKey) -> bool:
    """Whether anything is under this key."""
    return bool(db.ask(_filled(_USED, column), {"head": key.head}))


def _anew(column: Column, key: NewKey, rows: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    refs = [row["ref"] for row in rows]
    abouts = [f"{column.table}.{column.sealed}/{ref}" for ref in refs]
    sealed = zip((row["sealed"] for row in rows), abouts, strict=True)
    plain = sealing.open_all(sealed, lender_id=key.lender_id)
    made = _maker(column, key)
    for text, about, ref in zip(plain, abouts, refs, strict=True):
        yield made(text, about, ref)


def _maker(column: Column, key: NewKey) -> Callable[[bytes, str, str], bytes]:
    """From what was sealed to what the column keeps of it under the new key."""
    _, own = data_keys.by_id(key.key_id)
    if isinstance(column, SealedColumn):
        sealer = Sealer(key.lender_id, key.key_id, own)
        return lambda text, about, _: sealer.seal(text, about)
    return _index_maker(column, sealing.Indexer(key.key_id, own))


def _index_maker(
    column: IndexColumn, indexer: sealing.Indexer
) -> Callable[[bytes, str, str], bytes]:
    return lambda text, _, ref: indexer.index(column.plain(text.decode(), ref), column.field)


def _filled(statement: str, column: Column, **parts: str) -> str:
    """A statement about one column; names come from the models, never from outside."""
    return statement.format(
        table=f'"{column.table}"', column=f'"{column.column}"', key=f'"{column.key}"',
        sealed=f'"{column.sealed}"', whose=column.whose, **parts,
    )  # fmt: skip
