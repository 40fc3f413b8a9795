"""Rows of a watched table as they stood at a moment: what they are now, with later changes undone.

The first change of a row after the moment says what it was; a row that came on file only then was
not there. Where something cannot be told, `gaps` says so.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from recoup.foundation import db
from recoup.foundation.audit.watched import BY_TABLE, Watched

ROWS = """
WITH mine AS (
    SELECT t."{key}" AS id FROM {table} AS t WHERE t."{owner}" = ANY (%(owners)s)
     UNION
    SELECT f.subject_id FROM audit_former f
     WHERE f.subject = '{table}' AND f.owner_id = ANY (%(owners)s) AND f.until >= %(moment)s
), changed AS (
    SELECT DISTINCT ON (f.subject_id) f.subject_id AS id, f.until, f.row, f.is_forgotten
      FROM mine JOIN audit_former f ON f.subject_id = mine.id
     WHERE f.subject = '{table}' AND f.until >= %(moment)s
     ORDER BY f.subject_id, f.id
), born AS (
    SELECT b.id, b.at
      FROM audit_born_since('{table}', ARRAY(SELECT mine.id FROM mine), %(moment)s) AS b
)
SELECT {columns}, coalesce(changed.is_forgotten, false) AS is_forgotten
  FROM mine
  LEFT JOIN changed ON changed.id = mine.id
  LEFT JOIN born ON born.id = mine.id
  LEFT JOIN {table} AS t ON t."{key}" = mine.id
 CROSS JOIN LATERAL jsonb_populate_record(
       NULL::{table}, coalesce(changed.row, jsonb_build_object({now}))) AS stood
 WHERE (born.at IS NULL OR changed.until < born.at)
   AND (changed.id IS NOT NULL OR t."{key}" IS NOT NULL)
   AND stood."{owner}" = ANY (%(owners)s)
 ORDER BY mine.id
"""
BORN = "SELECT at FROM audit_born_since(%(table)s, ARRAY[%(id)s]::bigint[], '-infinity')"
WATCHES = """
SELECT subject, act, at, facts::text AS facts FROM audit_event
 WHERE act IN ('WATCHED', 'UNWATCHED') AND subject = ANY (%(tables)s) ORDER BY at
"""
UNNAMED = """
SELECT at FROM audit_born_since(%(table)s, '{}', %(moment)s) WHERE id IS NULL ORDER BY at
"""


class GapKind(StrEnum):
    """Why something cannot be told of a moment."""

    NOT_KEPT = "NOT_KEPT"
    MIGRATED = "MIGRATED"
    UNNAMED = "UNNAMED"


@dataclass(frozen=True, slots=True)
class Gap:
    """What of a table cannot be told: former values were not kept until, or something happened at,
    `at`."""

    table: str
    kind: GapKind
    at: datetime


def rows_as_of(table: str, *, owners: Sequence[int], moment: datetime) -> list[dict[str, Any]]:
    """The kept columns of the owners' rows as they stood just before a moment, by key.

    `is_forgotten` says that what a row was has been erased since.
    """
    watched = BY_TABLE[table]
    kept = watched.kept
    if kept is None:
        raise ValueError(table)
    question = ROWS.format(
        table=table,
        key=watched.key,
        owner=kept.owner,
        columns=", ".join(f'stood."{column}"' for column in kept.columns),
        now=", ".join(f"""'{column}', t."{column}\"""" for column in kept.columns),
    )
    return db.ask(question, {"owners": list(owners), "moment": moment})


def on_file_since(table: str, row_id: int) -> datetime | None:
    """When a row came on file; None if that was before the table was watched."""
    found = [row["at"] for row in db.ask(BORN, {"table": table, "id": row_id})]
    return min(found) if found else None


def gaps(tables: Iterable[str], *, moment: datetime) -> list[Gap]:
    """What of these tables cannot be told of the moment, oldest first."""
    names = list(tables)
    said: dict[str, list[tuple[str, datetime, dict[str, Any]]]] = {name: [] for name in names}
    for row in db.ask(WATCHES, {"tables": names}):
        said[row["subject"]].append((row["act"], row["at"], json.loads(row["facts"])))
    found = [gap for name in names for gap in _gaps(BY_TABLE[name], said[name], moment)]
    for name in names:
        born = db.ask(UNNAMED, {"table": name, "moment": moment})
        found += [Gap(name, GapKind.UNNAMED, row["at"]) for row in born]
    return sorted(found, key=lambda gap: (gap.at, gap.table))


def _gaps(
    watched: Watched, said: list[tuple[str, datetime, dict[str, Any]]], moment: datetime
) -> Iterator[Gap]:
    """Stretches after the moment in which not everything was kept, and changes while unwatched."""
    wanted = set(watched.kept.columns if watched.kept else ())
    keeps, at_last = False, None
    for act, at, facts in said:
        if at >= moment:
            if act == "UNWATCHED" and not keeps:
                yield Gap(watched.table, GapKind.NOT_KEPT, at)
            is_other = at_last is not None and at_last != (facts.get("rows"), facts.get("sums"))
            if act == "WATCHED" and is_other:
                yield Gap(watched.table, GapKind.MIGRATED, at)
            if act == "WATCHED" and at_last is None and facts.get("rows"):
                yield Gap(watched.table, GapKind.NOT_KEPT, at)
        keeps = act == "WATCHED" and wanted <= set(facts.get("kept", ()))
        at_last = (facts.get("rows"), facts.get("sums"))
    if said and not keeps:
        yield Gap(watched.table, GapKind.NOT_KEPT, said[-1][1])
