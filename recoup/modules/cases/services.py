"""Everything that a person changes about a case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.reach import reaches
from recoup.foundation.access.rights import Reach, Right
from recoup.modules.cases import models, rules
from recoup.modules.cases.rules import CaseEvent, CaseState, TimelineKind
from recoup.modules.cases.timeline import record
from recoup.modules.workforce import queries as workforce

_PLACE = (Path(__file__).parent / "sql" / "place.sql").read_text()


@dataclass(frozen=True, slots=True)
class LiveCase:
    """A case in work, locked until the transaction ends."""

    id: int
    contract_id: int
    state: CaseState
    collector_id: int | None


def lock_live_case(*, contract_id: int) -> LiveCase | None:
    """The contract's live case, locked inside the caller's transaction.

    None if there is none, or none within the reach of whoever acts, or one that is restricted: they
    learn no more than that.
    """
    case = (
        models.Case.objects.select_for_update()
        .filter(contract_id=contract_id, closed_on=None, is_locked=False)
        .first()
    )
    if case is None or not _is_within_reach(case):
        return None
    return LiveCase(case.id, contract_id, CaseState(case.state), case.collector_id)


def _is_within_reach(case: models.Case) -> bool:
    """The same as the database's policies say, asked here again."""
    team_id = None
    if case.collector_id is not None and access.current().reach is Reach.TEAM:
        keeper = workforce.collector(case.collector_id)
        team_id = keeper.team_id if keeper else None
    return reaches(
        lender_id=case.lender_id,
        collector_id=case.collector_id,
        collector_team_id=team_id,
        agency_id=case.agency_id,
    )


def note_work(
    *, case_id: int, result: str, next_step: str, next_step_on: date, at: datetime
) -> None:
    """Keep beside the case what came of the last work on it, inside the caller's transaction."""
    models.Case.objects.filter(id=case_id).update(
        last_worked_at=at, last_result=result, next_step=next_step, next_step_on=next_step_on
    )


def place_cases(*, case_ids: Collection[int], agency_id: int | None) -> dict[int, int]:
    """Give live cases to an agency, or with None back, inside the caller's transaction.

    Returns those that moved, each with its contract; another lender's, and what is restricted, do
    not, nor does a held one go out. They have no collector then.
    """
    acting = access.current()
    lender_ids = None if acting.system else list(acting.lender_ids)
    asked = {"case_ids": list(case_ids), "agency_id": agency_id, "lender_ids": lender_ids}
    return {row["id"]: row["contract_id"] for row in db.ask(_PLACE, asked)}


@db.use_case()
def hold_case(*, contract_id: int, reason: str, actor_id: int, at: datetime, as_of: date) -> None:
    """Stop all work on the contract until it is released.

    Raises NoLiveCase, ReasonMissing, MoveRefused (it is held already).
    """
    access.require(Right.WORK_CASES)
    case, said = _move(contract_id, CaseEvent.HOLD, reason)
    _tell(case, TimelineKind.CASE_HELD, {"reason": said}, actor_id=actor_id, at=at, as_of=as_of)


@db.use_case()
def release_case(
    *, contract_id: int, reason: str, actor_id: int, at: datetime, as_of: date
) -> None:
    """Let work on the contract go on. Raises NoLiveCase, ReasonMissing, MoveRefused."""
    access.require(Right.WORK_CASES)
    case, said = _move(contract_id, CaseEvent.RELEASE, reason)
    _tell(case, TimelineKind.CASE_RELEASED, {"reason": said}, actor_id=actor_id, at=at, as_of=as_of)


def tell_shown(
    *,
    contract_id: int,
    what: str,
    purpose: str,
    reason: str,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> None:
    """Write onto the timeline who saw which personal data in full, and why.

    Inside the caller's transaction. Raises NoLiveCase.
    """
    facts = {"what": what, "purpose": purpose, "reason": reason.strip()}
    _tell(
        _live(contract_id),
        TimelineKind.PERSONAL_DATA_SHOWN,
        facts,
        actor_id=actor_id,
        at=at,
        as_of=as_of,
    )


def _live(contract_id: int) -> LiveCase:
    case = lock_live_case(contract_id=contract_id)
    if case is None:
        raise rules.NoLiveCase
    return case


def _move(contract_id: int, event: CaseEvent, reason: str) -> tuple[LiveCase, str]:
    """Move the live case by the state table; return it as it was, and the reason in order."""
    said = rules.sound_reason(reason)
    case = _live(contract_id)
    state = rules.next_state(case.state, event)
    models.Case.objects.filter(id=case.id).update(state=state)
    return case, said


def _tell(
    case: LiveCase,
    kind: TimelineKind,
    facts: dict[str, str],
    *,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> None:
    record(
        contract_id=case.contract_id,
        case_id=case.id,
        kind=kind,
        facts=facts,
        actor_id=actor_id,
        at=at,
        business_on=as_of,
    )
