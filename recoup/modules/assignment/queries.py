"""Questions about worklists: a page of one, its counts, a collector's day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from recoup.core.money import Money
from recoup.foundation import db

SQL = Path(__file__).parent / "sql"
_PAGE = (SQL / "worklist_page.sql").read_text()
_COUNTS = (SQL / "worklist_counts.sql").read_text()
_FIGURES = (SQL / "day_figures.sql").read_text()
_COLLECTORS = (SQL / "work_of_collectors.sql").read_text()

PAGE_ROWS = 50
Only = Literal["all", "waiting", "due", "broken", "bucket"]
Sort = Literal["rank", "dpd", "overdue", "exposure"]


@dataclass(frozen=True, slots=True)
class WorklistRow:
    place: int
    rank: int
    case_id: int
    contract_id: int
    party_id: int
    reasons: tuple[str, ...]
    taken_at: datetime | None
    done_at: datetime | None
    number: str
    name_masked: str
    is_synthetic: bool
    plate_masked: str
    bucket: int
    dpd: int
    overdue: Money
    exposure: Money
    case_state: str
    last_result: str
    last_worked_at: datetime | None
    next_step: str
    next_step_on: date | None
    promise_state: str | None
    promise: Money | None
    promise_due_on: date | None


@dataclass(frozen=True, slots=True)
class BucketCount:
    bucket: int
    cases: int


@dataclass(frozen=True, slots=True)
class WorklistCounts:
    """How many cases each filter would show."""

    cases: int
    worked: int
    due: int
    broken: int
    buckets: tuple[BucketCount, ...]

    @property
    def waiting(self) -> int:
        return self.cases - self.worked


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A collector's day so far; amounts per currency, never added up across them."""

    calls: int
    right_party: int
    promised: tuple[Money, ...]
    collected: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class CollectorWork:
    collector_id: int
    display_name: str
    username: str
    team_name: str
    cases: int
    worked: int
    opened: int
    calls: int
    right_party: int
    promises: int

    @property
    def name(self) -> str:
        return self.display_name or self.username

    @property
    def waiting(self) -> int:
        return self.cases - self.worked - self.opened


def worklist(
    *,
    collector_id: int,
    as_of: date,
    only: Only = "all",
    bucket: int | None = None,
    sort: Sort = "rank",
    page: int = 1,
) -> list[WorklistRow]:
    """One page of a collector's worklist of a day, with the place each case has in it."""
    offset = (page - 1) * PAGE_ROWS
    rows = db.ask(
        _PAGE,
        {
            "collector_id": collector_id, "as_of": as_of, "only": only, "bucket": bucket,
            "sort": sort, "limit": PAGE_ROWS, "offset": offset,
        },
    )  # fmt: skip
    return [_row(row, offset) for row in rows]


def _row(row: dict[str, Any], offset: int) -> WorklistRow:
    currency = row.pop("currency")
    promise_minor = row.pop("promise_minor")
    return WorklistRow(
        place=row.pop("place") + offset,
        reasons=tuple(row.pop("reasons")),
        overdue=Money(row.pop("overdue_minor"), currency),
        exposure=Money(row.pop("exposure_minor"), currency),
        promise=None if promise_minor is None else Money(promise_minor, currency),
        **row,
    )


def worklist_counts(*, collector_id: int, as_of: date) -> WorklistCounts:
    """How many cases stand on a collector's worklist, by filter."""
    rows = db.ask(_COUNTS, {"collector_id": collector_id, "as_of": as_of})
    return WorklistCounts(
        cases=sum(row["cases"] for row in rows),
        worked=sum(row["worked"] for row in rows),
        due=sum(row["due"] for row in rows),
        broken=sum(row["broken"] for row in rows),
        buckets=tuple(BucketCount(row["bucket"], row["cases"]) for row in rows),
    )


def day_figures(*, collector_id: int, as_of: date) -> DayFigures:
    """What a collector has reached since the last night."""
    rows = db.ask(_FIGURES, {"collector_id": collector_id, "as_of": as_of})
    numbers = {row["kind"]: row["number"] for row in rows}
    return DayFigures(
        calls=numbers["calls"],
        right_party=numbers["right_party"],
        promised=_amounts(rows, "promised"),
        collected=_amounts(rows, "collected"),
    )


def _amounts(rows: Iterable[dict[str, Any]], kind: str) -> tuple[Money, ...]:
    found = (Money(int(row["minor"]), row["currency"]) for row in rows if row["kind"] == kind)
    return tuple(sorted(found, key=lambda amount: amount.currency))


def work_of_collectors(*, as_of: date, team_id: int | None = None) -> list[CollectorWork]:
    """Each collector's worklist of a day, those with the most left to do first within a team."""
    rows = db.ask(_COLLECTORS, {"as_of": as_of, "team_id": team_id})
    return [CollectorWork(**row) for row in rows]
