"""Questions about cases: the head of the case page, and the timeline."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from recoup.foundation import db
from recoup.modules.cases.rules import LIVE, CaseState, TimelineKind
from recoup.modules.vehicles.queries import VEHICLE_JSON, VehicleRow, vehicle_of_row

_SQL = Path(__file__).parent / "sql"
_HEAD = (_SQL / "case_head.sql").read_text().replace("{vehicle}", VEHICLE_JSON)
_TIMELINE = (_SQL / "timeline.sql").read_text()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A contract's live case, else its last one."""

    id: int
    state: CaseState
    opened_on: date
    closed_on: date | None
    collector_id: int | None
    collector_name: str
    last_worked_at: datetime | None
    last_result: str
    next_step: str
    next_step_on: date | None

    @property
    def is_live(self) -> bool:
        """Whether it is in collections now."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What the strategy decided of the case for the business day, and why."""

    segment: str
    treatment: str
    priority: int
    reasons: tuple[str, ...]
    rule_position: int
    version_code: str
    version_title: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """The case's place on somebody's worklist today."""

    rank: int
    collector_id: int
    collector_name: str
    taken_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class LastPromise:
    state: str
    amount_minor: int
    due_on: date


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What the page says of the case; the reader's neighbours and what is left of their list."""

    case: CaseRow | None
    decision: DecisionRow | None
    place: PlaceRow | None
    previous_contract_id: int | None
    following_contract_id: int | None
    waiting: int
    listed: int
    promise: LastPromise | None
    broken_promises: int
    vehicle: VehicleRow | None


def case_head(*, contract_id: int, reader_id: int, as_of: date) -> CaseHead | None:
    """The head of the case page for one reader, in one question; None if no such contract."""
    params = {"contract_id": contract_id, "reader_id": reader_id, "as_of": as_of}
    rows = db.ask(_HEAD, params)
    if not rows:
        return None
    row = rows[0]
    return CaseHead(
        case=_case(row),
        decision=_decision(row),
        place=_place(row),
        previous_contract_id=row["previous_id"],
        following_contract_id=row["following_id"],
        waiting=row["waiting"],
        listed=row["listed"],
        promise=_promise(row),
        broken_promises=row["broken_promises"],
        vehicle=vehicle_of_row(json.loads(row["vehicle"])) if row["vehicle"] else None,
    )


def _case(row: dict[str, Any]) -> CaseRow | None:
    if row["case_id"] is None:
        return None
    return CaseRow(
        id=row["case_id"],
        state=CaseState(row["state"]),
        opened_on=row["opened_on"],
        closed_on=row["closed_on"],
        collector_id=row["collector_id"],
        collector_name=row["collector_name"] or "",
        last_worked_at=row["last_worked_at"],
        last_result=row["last_result"],
        next_step=row["next_step"],
        next_step_on=row["next_step_on"],
    )


def _decision(row: dict[str, Any]) -> DecisionRow | None:
    if row["decided_on"] is None:
        return None
    return DecisionRow(
        segment=row["decided_segment"],
        treatment=row["decided_treatment"],
        priority=row["priority"],
        reasons=tuple(row["reasons"]),
        rule_position=row["rule_position"],
        version_code=row["version_code"] or "",
        version_title=row["version_title"] or "",
    )


def _place(row: dict[str, Any]) -> PlaceRow | None:
    if row["rank"] is None:
        return None
    return PlaceRow(
        row["rank"],
        row["worked_by_id"],
        row["worked_by_name"] or "",
        row["taken_at"],
        row["done_at"],
    )


def _promise(row: dict[str, Any]) -> LastPromise | None:
    if row["promise_state"] is None:
        return None
    return LastPromise(row["promise_state"], row["promise_minor"], row["promise_due_on"])


class TimelineGroup(StrEnum):
    """What the reader may ask the timeline for."""

    ALL = "ALL"
    CALLS = "CALLS"
    PROMISES = "PROMISES"
    MONEY = "MONEY"
    CASE = "CASE"


_MONEY = {TimelineKind.PAYMENT_POSTED, TimelineKind.PAYMENT_REVERSED}  # told by the ledger itself
_PROMISES = {kind for kind in TimelineKind if kind.name.startswith("PROMISE_")}
_CALLS = {TimelineKind.CALL_LOGGED, TimelineKind.NOTE_WRITTEN}
_KINDS: dict[TimelineGroup, set[TimelineKind]] = {
    TimelineGroup.ALL: set(TimelineKind) - _MONEY,
    TimelineGroup.CALLS: _CALLS,
    TimelineGroup.PROMISES: _PROMISES,
    TimelineGroup.MONEY: set(),
    TimelineGroup.CASE: set(TimelineKind) - _MONEY - _PROMISES - _CALLS,
}


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that happened; `payment_id` only for money."""

    id: int
    at: datetime
    business_on: date
    kind: TimelineKind
    facts: dict[str, Any]
    actor: str
    payment_id: int | None


def timeline(
    *, contract_id: int, group: TimelineGroup = TimelineGroup.ALL, limit: int = 30
) -> tuple[list[TimelineRow], bool]:
    """The contract's history, latest first, and whether there is more of it."""
    params = {
        "contract_id": contract_id,
        "kinds": [kind.value for kind in _KINDS[group]],
        "with_money": group in (TimelineGroup.ALL, TimelineGroup.MONEY),
        "limit": limit + 1,
    }
    rows = [
        TimelineRow(
            id=row["id"],
            at=row["at"],
            business_on=row["business_on"],
            kind=TimelineKind(row["kind"]),
            facts=json.loads(row["facts"]),
            actor=row["actor"] or "",
            payment_id=row["payment_id"],
        )
        for row in db.ask(_TIMELINE, params)
    ]
    return rows[:limit], len(rows) > limit
