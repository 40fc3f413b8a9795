"""Questions about promises."""

from dataclasses import dataclass
from datetime import date, datetime

from recoup.core.money import Money
from recoup.modules.plans import models
from recoup.modules.plans.rules import PromiseState


@dataclass(frozen=True, slots=True)
class PromiseRow:
    id: int
    amount: Money
    paid: Money
    taken_at: datetime
    taken_on: date
    due_on: date
    state: PromiseState
    decided_on: date | None


def promises(*, contract_id: int, limit: int = 50) -> list[PromiseRow]:
    """The promises given on a contract, latest first."""
    found = models.Promise.objects.filter(contract_id=contract_id).order_by("-id")[:limit]
    return [
        PromiseRow(
            row.id,
            Money(row.amount_minor, row.currency),
            Money(row.paid_minor, row.currency),
            row.taken_at,
            row.taken_on,
            row.due_on,
            PromiseState(row.state),
            row.decided_on,
        )
        for row in found
    ]
