"""Questions about calls."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from recoup.modules.comms import models
from recoup.modules.comms.rules import CallResult, NextStep


@dataclass(frozen=True, slots=True)
class CallRow:
    id: int
    contract_id: int
    at: datetime
    actor_id: int
    result: CallResult
    inbound: bool
    identity_checked: bool
    note: str
    next_step: NextStep
    next_step_on: date


def call_of_form(*, form_key: UUID) -> CallRow | None:
    """The call this form was saved as; None if it has not been saved."""
    row = models.Call.objects.filter(form_key=form_key).first()
    return None if row is None else row_of(row)


def calls(*, contract_id: int, limit: int = 50) -> list[CallRow]:
    """The calls made on a contract, latest first."""
    found = models.Call.objects.filter(contract_id=contract_id).order_by("-id")[:limit]
    return [row_of(row) for row in found]


def row_of(row: models.Call) -> CallRow:
    """A call as a frozen row."""
    return CallRow(
        row.id,
        row.contract_id,
        row.at,
        row.actor_id,
        CallResult(row.result),
        row.inbound,
        row.identity_checked,
        row.note,
        NextStep(row.next_step),
        row.next_step_on,
    )
