"""Calls: what speaks against saving one, and the saving itself.

A call may take a promise, and promises are another module's: `desk` joins both in one use case.
"""

from datetime import date, datetime
from uuid import UUID

from recoup.core.refusals import Refused
from recoup.modules.assignment import services as assignment
from recoup.modules.cases import services as cases
from recoup.modules.cases.rules import TimelineKind
from recoup.modules.cases.timeline import record
from recoup.modules.comms import models, rules
from recoup.modules.comms.queries import CallRow, row_of
from recoup.modules.comms.rules import BY_RESULT, CallResult, CallSaid
from recoup.modules.compliance import queries as compliance
from recoup.modules.compliance.rules import ContactRefused, Refusal
from recoup.modules.contracts.queries import NamedContactPoint
from recoup.modules.parties import services as parties
from recoup.modules.parties.rules import CALLABLE, Holder


def reasons_against(
    *, contract_id: int, said: CallSaid, point: NamedContactPoint | None, at: datetime
) -> tuple[Refused, ...]:
    """Everything that speaks against saving the call: what was said, whom, and the gate.

    The gate judges calls which we began; a debtor who calls us is never turned away.
    """
    reasons = rules.reasons_against(said)
    if point is None:
        return (*reasons, rules.ContactPointForeign())
    if point.kind not in CALLABLE:
        return (*reasons, rules.NotANumberToCall())
    if said.inbound:
        return reasons
    state = compliance.gate(
        contract_id=contract_id,
        party_id=point.party_id,
        held_by_other=point.holder is not Holder.SELF,
        at=at,
    )
    return (*reasons, ContactRefused(state)) if isinstance(state, Refusal) else reasons


def write_call(
    *,
    case: cases.LiveCase,
    point: NamedContactPoint,
    said: CallSaid,
    promised_on: date | None,
    form_key: UUID,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> CallRow:
    """Write a sound call inside the caller's transaction: call, case, worklist and timeline."""
    code = BY_RESULT[said.result]
    next_step_on = rules.next_step_day(said.result, as_of, promised_on)
    call = models.Call.objects.create(
        contract_id=case.contract_id,
        case_id=case.id,
        party_id=point.party_id,
        contact_point_id=point.id,
        at=at,
        business_on=as_of,
        actor_id=actor_id,
        result=said.result,
        inbound=said.inbound,
        answered=code.answered,
        right_party=code.right_party,
        identity_checked=said.identity_checked,
        note=said.note.strip(),
        next_step=code.next_step,
        next_step_on=next_step_on,
        form_key=form_key,
    )
    if said.result is CallResult.WRONG_NUMBER:
        parties.mark_wrong_number(contact_point_id=point.id)
    cases.note_work(
        case_id=case.id,
        result=said.result,
        next_step=code.next_step,
        next_step_on=next_step_on,
        at=at,
    )
    assignment.mark_done(case_id=case.id, as_of=as_of, at=at)
    _write_timeline(case, point, call, as_of)
    return row_of(call)


def _write_timeline(
    case: cases.LiveCase, point: NamedContactPoint, call: models.Call, as_of: date
) -> None:
    record(
        contract_id=case.contract_id,
        case_id=case.id,
        kind=TimelineKind.CALL_LOGGED,
        facts={
            "call_id": call.id,
            "party_id": point.party_id,
            "role": point.role,
            "holder": point.holder,
            "kind": point.kind,
            "result": call.result,
            "inbound": call.inbound,
            "identity_checked": call.identity_checked,
            "note": call.note,
            "next_step": call.next_step,
            "next_step_on": call.next_step_on.isoformat(),
        },
        actor_id=call.actor_id,
        at=call.at,
        business_on=as_of,
    )
