"""One press of a button, one use case: a call with its promise, originals that are shown."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from recoup.core.refusals import Refused
from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.modules.cases import services as cases
from recoup.modules.cases.rules import NoLiveCase
from recoup.modules.comms import queries as calls
from recoup.modules.comms import services as comms
from recoup.modules.comms.rules import CallRefused, CallResult, CallSaid, NextStep
from recoup.modules.contracts import queries as contracts
from recoup.modules.parties import services as parties
from recoup.modules.parties.rules import NothingToReveal
from recoup.modules.parties.services import Asked, NumberInFull, PersonInFull
from recoup.modules.plans import services as plans
from recoup.modules.plans.services import PromiseGiven
from recoup.modules.vehicles import services as vehicles
from recoup.modules.vehicles.services import VehicleInFull


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A saved call and what comes next; `was_saved_before` when the form was sent twice."""

    call_id: int
    next_step: NextStep
    next_step_on: date
    was_saved_before: bool = False


@dataclass(frozen=True, slots=True)
class FileInFull:
    """A contract's originals: everyone named in it, by party, and its car if there is one."""

    people: dict[int, PersonInFull]
    car: VehicleInFull | None


@db.use_case()
def log_call(
    *,
    contract_id: int,
    contact_point_id: int,
    result: CallResult,
    identity_checked: bool,
    note: str,
    form_key: UUID,
    actor_id: int,
    at: datetime,
    as_of: date,
    promise: PromiseGiven | None = None,
    inbound: bool = False,
) -> LoggedCall:
    """Save a call, the promise given in it, the next step, and take the case off the worklist.

    The same form sent twice is one call. Raises CallRefused with every reason; nothing is kept.
    """
    access.require(Right.WORK_CASES)
    case = cases.lock_live_case(contract_id=contract_id)
    if (before := calls.call_of_form(form_key=form_key)) is not None:
        return LoggedCall(before.id, before.next_step, before.next_step_on, was_saved_before=True)
    said = CallSaid(result, inbound, identity_checked, note, has_promise=promise is not None)
    point = contracts.named_contact_point(
        contract_id=contract_id, contact_point_id=contact_point_id
    )
    reasons: tuple[Refused, ...] = () if case else (NoLiveCase(),)
    reasons += comms.reasons_against(contract_id=contract_id, said=said, point=point, at=at)
    if promise is not None and case is not None:
        reasons += plans.reasons_against(contract_id=contract_id, promise=promise, as_of=as_of)
    if reasons or case is None or point is None:
        raise CallRefused(reasons)
    call = comms.write_call(
        case=case,
        point=point,
        said=said,
        promised_on=None if promise is None else promise.due_on,
        form_key=form_key,
        actor_id=actor_id,
        at=at,
        as_of=as_of,
    )
    if promise is not None:
        plans.write_promise(case=case, promise=promise, actor_id=actor_id, at=at, as_of=as_of)
    return LoggedCall(call.id, call.next_step, call.next_step_on)


@db.use_case()
def reveal_file(*, contract_id: int, asked: Asked, as_of: date) -> FileInFull:
    """Everyone named in the contract and its car in full; it stands on the timeline and on record.

    Raises NoLiveCase and what `parties.services.reveal` raises; then nothing is shown or kept.
    """
    file = contracts.contract_file(contract_id=contract_id)
    if file is None:
        raise NothingToReveal
    ids = dict.fromkeys(named.person.id for named in file.people)
    people = {party_id: parties.reveal(party_id=party_id, asked=asked) for party_id in ids}
    car = next(iter(vehicles.reveal(contract_ids=[contract_id])), None)
    _tell_shown(contract_id, "FILE", asked, as_of)
    return FileInFull(people, car)


@db.use_case()
def reveal_number(
    *, contract_id: int, contact_point_id: int, asked: Asked, as_of: date
) -> NumberInFull:
    """One number of somebody named in the contract, in full. Raises as `reveal_file`."""
    point = contracts.named_contact_point(
        contract_id=contract_id, contact_point_id=contact_point_id
    )
    if point is None:
        raise NothingToReveal
    shown = parties.reveal_number(contact_point_id=contact_point_id, asked=asked)
    _tell_shown(contract_id, "NUMBER", asked, as_of)
    return shown


def _tell_shown(contract_id: int, what: str, asked: Asked, as_of: date) -> None:
    cases.tell_shown(
        contract_id=contract_id,
        what=what,
        purpose=asked.purpose.value,
        reason=asked.reason,
        actor_id=asked.actor_id,
        at=asked.at,
        as_of=as_of,
    )
