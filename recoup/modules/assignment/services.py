"""Everything that changes a worklist during the day: the next case is taken, a case is done."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection

from recoup.foundation import audit, db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.modules.assignment import lists, models, rules
from recoup.modules.assignment.lists import Choice
from recoup.modules.cases import services as cases
from recoup.modules.cases.rules import TimelineKind
from recoup.modules.cases.timeline import record, record_for_all
from recoup.modules.compliance import grounds
from recoup.modules.compliance.grounds import Use
from recoup.modules.contracts import queries as contracts
from recoup.modules.workforce.queries import agencies

LEAVE_WORKLISTS = (Path(__file__).parent / "sql" / "leave_worklists.sql").read_text()

# SKIP LOCKED: two requests of one collector get two cases, and neither waits for the other.
TAKE = """
UPDATE assignment_worklistitem
   SET taken_at = %(at)s
 WHERE id = (SELECT id
               FROM assignment_worklistitem
              WHERE as_of = %(as_of)s
                AND collector_id = %(collector_id)s
                AND taken_at IS NULL
                AND done_at IS NULL
              ORDER BY rank
              LIMIT 1
                FOR UPDATE SKIP LOCKED)
RETURNING case_id, contract_id, rank
"""


@dataclass(frozen=True, slots=True)
class TakenCase:
    """The case a collector was given, and its place in their worklist."""

    case_id: int
    contract_id: int
    rank: int


@db.use_case()
def take_next(*, collector_id: int, at: datetime, as_of: date) -> TakenCase | None:
    """Give the collector the next case of their worklist, once; None when the list is done."""
    access.require(Right.WORK_CASES)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"collector_id": collector_id, "at": at, "as_of": as_of})
        row = cursor.fetchone()
    if row is None:
        return None
    taken = TakenCase(*row)
    record(
        contract_id=taken.contract_id,
        case_id=taken.case_id,
        kind=TimelineKind.CASE_TAKEN,
        facts={"rank": taken.rank},
        actor_id=collector_id,
        at=at,
        business_on=as_of,
    )
    return taken


def mark_done(*, case_id: int, as_of: date, at: datetime) -> bool:
    """Tick the case off today's worklist, inside the caller's transaction; False if not on it."""
    items = models.WorklistItem.objects.filter(as_of=as_of, case_id=case_id, done_at=None)
    return bool(items.update(done_at=at))


@db.use_case()
def place(
    *,
    choice: Choice,
    agency_id: int | None,
    seen: int,
    actor_id: int | None,
    at: datetime,
    as_of: date,
) -> int:
    """Place live cases with an agency (委外), or with None take them back; returns how many moved.

    `seen` says how many the choice had when it was looked at. A placed case leaves its collector
    and today's worklists; the night gives one that came back to a collector again. A held one is
    not placed. Raises NotAllowed, AgencyUnknown, NothingChosen, TooManyChosen, ChoiceMoved,
    NothingMoves, and ConsentMissing where the register of grounds says that it needs consents.
    """
    access.require(Right.ASSIGN_CASES)
    facts = _whither(agency_id)
    case_ids = lists.ids_of(choice, at_most=rules.MOST_PLACED + 1)
    rules.refuse_unsound_choice(len(case_ids), seen=seen)
    moved = cases.place_cases(case_ids=case_ids, agency_id=agency_id)
    if not moved:
        raise rules.NothingMoves
    if agency_id is not None:
        grounded = grounds.ground_of(Use.ENTRUST_AGENCY)
        grounds.check_consents(grounded, contracts.borrowers(moved.values()), on=as_of)
    with connection.cursor() as cursor:
        cursor.execute(LEAVE_WORKLISTS, {"as_of": as_of, "case_ids": list(moved)})
    record_for_all(
        contracts=moved,
        kind=TimelineKind.CASE_ASSIGNED,
        facts=facts,
        actor_id=actor_id,
        at=at,
        business_on=as_of,
    )
    audit.record(
        Act.PLACED,
        "agency",
        agency_id,
        contract_ids=list(moved.values()),
        facts={"cases": len(moved), "chosen": len(case_ids)},
    )
    return len(moved)


def _whither(agency_id: int | None) -> dict[str, object]:
    """Where to, as the timeline tells it; nowhere is back. Raises AgencyUnknown."""
    if agency_id is None:
        return {"agency_id": None}
    found = [agency.name for agency in agencies() if agency.id == agency_id]
    if not found:
        raise rules.AgencyUnknown
    return {"agency_id": agency_id, "agency": found[0]}
