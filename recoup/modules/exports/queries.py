"""Questions about exports: one's own, those that wait for a decision, one by its id."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recoup.foundation import db
from recoup.modules.exports import models
from recoup.modules.exports.rules import (
    ExportState,
    FileFormat,
    ListCode,
    Purpose,
    RowLimit,
    Wanted,
    is_there,
    number_of,
    widest,
)

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export as people see it; who decided and how often it was fetched included."""

    id: int
    lender_id: int
    lender_name: str
    list_code: ListCode
    file_format: FileFormat
    is_unmasked: bool
    purpose: Purpose
    reason: str
    state: ExportState
    asked_by: int
    asked_name: str
    asked_number: str
    asked_at: datetime
    rows_asked: int
    rows: int | None
    decided_name: str
    decided_at: datetime | None
    decision_reason: str
    ready_at: datetime | None
    expires_at: datetime | None
    failure: str
    downloads: int

    @property
    def number(self) -> str:
        """What it is called on paper."""
        return number_of(self.id)

    def is_there(self, at: datetime) -> bool:
        """Whether the file can be fetched."""
        return is_there(self.state, self.expires_at, at)


_ROWS = """
SELECT e.id, e.lender_id, l.name AS lender_name, e.list_code, e.file_format, e.is_unmasked,
       e.purpose, e.reason, e.state, e.asked_by, e.asked_name, e.asked_number, e.asked_at,
       e.rows_asked, e.rows, coalesce(d.display_name, '') AS decided_name, e.decided_at,
       e.decision_reason, e.ready_at, e.expires_at, e.failure,
       (SELECT count(*) FROM exports_download w WHERE w.export_id = e.id) AS downloads
  FROM exports_export e
  JOIN parties_lender l ON l.id = e.lender_id
  LEFT JOIN workforce_user d ON d.id = e.decided_by
 WHERE (%(id)s::bigint IS NULL OR e.id = %(id)s::bigint)
   AND (%(asked_by)s::bigint IS NULL OR e.asked_by = %(asked_by)s::bigint)
   AND (%(state)s = '' OR e.state = %(state)s)
   AND (%(lender_ids)s::bigint[] IS NULL OR e.lender_id = ANY(%(lender_ids)s::bigint[]))
 ORDER BY e.id DESC
 LIMIT %(limit)s
"""
_NO_FILTER: dict[str, Any] = {
    "id": None, "asked_by": None, "state": "", "lender_ids": None, "limit": SHOWN,
}  # fmt: skip


def of_person(user_id: int) -> list[ExportRow]:
    """One's own exports, latest first."""
    return _rows(asked_by=user_id)


def waiting(lender_ids: tuple[int, ...]) -> list[ExportRow]:
    """Exports of these lenders that wait for a second person."""
    return _rows(state=ExportState.WAITING.value, lender_ids=list(lender_ids))


def recent(lender_ids: tuple[int, ...]) -> list[ExportRow]:
    """The latest exports of these lenders, whoever asked."""
    return _rows(lender_ids=list(lender_ids))


def export(export_id: int) -> ExportRow | None:
    """One export."""
    found = _rows(id=export_id)
    return found[0] if found else None


def _rows(**filters: object) -> list[ExportRow]:
    return [_row(row) for row in db.ask(_ROWS, _NO_FILTER | filters)]


def _row(row: dict[str, Any]) -> ExportRow:
    return ExportRow(
        **row
        | {
            "list_code": ListCode(row["list_code"]),
            "file_format": FileFormat(row["file_format"]),
            "purpose": Purpose(row["purpose"]),
            "state": ExportState(row["state"]),
        }
    )


def limit_of(roles: tuple[str, ...], *, is_unmasked: bool) -> RowLimit:
    """What somebody with these roles may take out."""
    found = models.RowLimit.objects.filter(role__in=roles, is_unmasked=is_unmasked)
    return widest([RowLimit(*row) for row in found.values_list("alone", "at_most")])


def taken_since(user_id: int, since: datetime, *, before: int | None = None) -> int:
    """How many rows the person took or asked for since then, refused ones left out.

    With `before` only what they had asked for ahead of that export.
    """
    rows = db.ask(
        "SELECT coalesce(sum(rows_asked), 0) AS taken FROM exports_export"
        " WHERE asked_by = %(user_id)s AND asked_at > %(since)s"
        " AND state NOT IN ('REFUSED', 'FAILED')"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s::bigint)",
        {"user_id": user_id, "since": since, "before": before},
    )
    return int(rows[0]["taken"])


def wanted_of(row: models.Export) -> Wanted:
    """The filters as they were asked."""
    said = row.wanted if isinstance(row.wanted, dict) else json.loads(row.wanted)
    days = {name: date.fromisoformat(said[name]) for name in ("since", "until") if said.get(name)}
    return Wanted(
        list_code=ListCode(row.list_code),
        lender_id=row.lender_id,
        file_format=FileFormat(row.file_format),
        is_unmasked=row.is_unmasked,
        bucket=said.get("bucket"),
        team_id=said.get("team_id"),
        promise_state=said.get("promise_state", ""),
        since=days.get("since"),
        until=days.get("until"),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells whether a leaked file comes from this export."""

    id: int
    secret: bytes
    sketch: bytes
    rows: int


def marks() -> Iterator[Marks]:
    """The marks of every export whose file was made, latest first."""
    found = models.Export.objects.exclude(ready_at=None).order_by("-id")
    for row in found.only("id", "secret", "sketch", "rows").iterator(chunk_size=50):
        yield Marks(row.id, bytes(row.secret), bytes(row.sketch), row.rows or 0)


_ACCESS = "SELECT rights, lender_ids, roles FROM workforce_access(%(user_id)s, %(day)s)"


_ROLES = """
SELECT DISTINCT coalesce(nullif(r.based_on, ''), r.code) AS role
  FROM workforce_access(%(user_id)s, %(day)s) a
  JOIN workforce_role r ON r.code = ANY (a.roles)
 ORDER BY 1
"""


def roles_of(user_id: int, day: date) -> tuple[str, ...]:
    """The roles somebody holds on a day; one of the house's own is the one it was made from."""
    return tuple(row["role"] for row in db.ask(_ROLES, {"user_id": user_id, "day": day}))


def rights_of(user_id: int, day: date) -> tuple[set[str], set[int]]:
    """The rights somebody holds on a day, and the lenders they hold them for."""
    rows = db.ask(_ACCESS, {"user_id": user_id, "day": day})
    return (set(rows[0]["rights"]), set(rows[0]["lender_ids"])) if rows else (set(), set())


def language_of(export_id: int) -> str:
    """The language the asker reads."""
    found = models.Export.objects.filter(pk=export_id).values_list("language", flat=True).first()
    return found or "zh-hans"


def lenders_of(lender_ids: tuple[int, ...]) -> list[tuple[int, str]]:
    """These lenders, by name."""
    sql = "SELECT id, name FROM parties_lender WHERE id = ANY(%(ids)s) ORDER BY name"
    return [(row["id"], row["name"]) for row in db.ask(sql, {"ids": list(lender_ids)})]
