"""Promises to pay: taken, and replaced by a newer word."""

from dataclasses import dataclass
from datetime import date, datetime

from recoup.core.account import AccruedInterest, payoff_quote
from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.modules.cases import services as cases
from recoup.modules.cases.rules import NoLiveCase, TimelineKind
from recoup.modules.cases.timeline import record
from recoup.modules.ledger import queries as ledger
from recoup.modules.plans import models, rules
from recoup.modules.plans.rules import PromiseState


@dataclass(frozen=True, slots=True)
class PromiseGiven:
    """What was promised: an amount by a day."""

    amount: Money
    due_on: date


class PromiseRefused(Refused):
    """A promise cannot be taken; `reasons` are all the reasons."""

    code = "promise_refused"
    message = "The promise was not saved."

    def __init__(self, reasons: tuple[Refused, ...]) -> None:
        super().__init__()
        self.reasons = reasons


def reasons_against(*, contract_id: int, promise: PromiseGiven, as_of: date) -> tuple[Refused, ...]:
    """Everything wrong with a promise: its day, and its amount against what is owed then."""
    wrong_day = rules.reasons_against_day(promise.due_on, as_of)
    owed_on = as_of if wrong_day else promise.due_on
    account = ledger.loan_account(contract_id=contract_id, as_of=as_of)
    quote = payoff_quote(account, owed_on, AccruedInterest.FULL_PERIOD)
    owed = Money(quote.total, account.terms.currency)
    return wrong_day + rules.reasons_against_amount(
        promise.amount.minor, owed.minor, f"{owed.major():,} {owed.currency}"
    )


@db.use_case()
def take_promise(
    *, contract_id: int, promise: PromiseGiven, actor_id: int, at: datetime, as_of: date
) -> int:
    """Take a promise by itself (by letter, at the counter); it replaces an open one.

    Raises NoLiveCase and PromiseRefused.
    """
    access.require(Right.WORK_CASES)
    case = cases.lock_live_case(contract_id=contract_id)
    if case is None:
        raise NoLiveCase
    reasons = reasons_against(contract_id=contract_id, promise=promise, as_of=as_of)
    if reasons:
        raise PromiseRefused(reasons)
    return write_promise(case=case, promise=promise, actor_id=actor_id, at=at, as_of=as_of)


def write_promise(
    *, case: cases.LiveCase, promise: PromiseGiven, actor_id: int, at: datetime, as_of: date
) -> int:
    """Write a sound promise inside the caller's transaction; an open one becomes REPLACED."""
    replaced = models.Promise.objects.filter(
        contract_id=case.contract_id, state=PromiseState.OPEN
    ).update(state=PromiseState.REPLACED, decided_on=as_of)
    taken = models.Promise.objects.create(
        contract_id=case.contract_id,
        case_id=case.id,
        amount_minor=promise.amount.minor,
        currency=promise.amount.currency,
        taken_on=as_of,
        due_on=promise.due_on,
        taken_at=at,
        taken_by=actor_id,
    )
    record(
        contract_id=case.contract_id,
        case_id=case.id,
        kind=TimelineKind.PROMISE_TAKEN,
        facts={
            "promise_id": taken.id,
            "amount_minor": promise.amount.minor,
            "currency": promise.amount.currency,
            "due_on": promise.due_on.isoformat(),
            "replaced": bool(replaced),
        },
        actor_id=actor_id,
        at=at,
        business_on=as_of,
    )
    return taken.id
