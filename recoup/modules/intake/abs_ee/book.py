"""What a loan account needs, as derived from a tape: plain rows, amounts in minor units."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from recoup.core import account as core
from recoup.core.calendar import add_months, month_end
from recoup.core.waterfall import order_named
from recoup.modules.intake.abs_ee.tape import Closing, TapeLoan

# Auto loans settle the oldest instalment first; the fee charged with an instalment before it.
ALLOCATION_RULE = "OLDEST_INSTALMENT_FIRST"
# An instalment counts as made once 90 % of it is in: the servicers' rule (docs/replay.md).
TOLERANCE_PCT = 10


@dataclass(frozen=True, slots=True)
class BookPayment:
    """Money received; `returned_on` is the month end at which the tape takes it back."""

    reference: str
    value_on: date
    amount_minor: int
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """The servicer moved everything unpaid so many months on; known from the maturity date."""

    on: date
    months: int


@dataclass(frozen=True, slots=True)
class Book:
    """A loan as its lender would hand it over, and what happened to it until a day.

    `due_day_seen_on`: the month end at whose days-late figure the due day was read off; None if
    the loan was never late, and the day of its last payment before the opening stands in for it.
    """

    loan: TapeLoan
    due_day: int
    due_day_seen_on: date | None
    principal_minor: int
    dues: tuple[core.Due, ...]
    payments: tuple[BookPayment, ...]
    extensions: tuple[Extension, ...]
    closing: Closing | None


def terms(currency: str = "USD", tolerance_pct: int = TOLERANCE_PCT) -> core.Terms:
    """The account terms of these loans: no penalty interest, fees stand as costs."""
    return core.Terms(
        currency=currency,
        penalty_rate_micro=0,
        order=order_named(ALLOCATION_RULE),
        tolerance_pct=tolerance_pct,
    )


def replayed(book: Book, as_of: date, tolerance_pct: int = TOLERANCE_PCT) -> core.Account:
    """The account at the end of a day, by `core` alone."""
    dues = list(book.dues)
    for extension in book.extensions:
        if extension.on <= as_of:
            before = core.replay(terms(), dues, _standing(book, extension.on))
            open_seqs = {state.seq for state in before.states if state.settled_on is None}
            dues = [_moved(due, extension.months, book.due_day, open_seqs) for due in dues]
    return core.replay(terms(tolerance_pct=tolerance_pct), dues, _standing(book, as_of))


def dues_on(book: Book, as_of: date) -> tuple[core.Due, ...]:
    """The schedule as it stands on a day, after the extensions until then."""
    due_on = {state.seq: state.due_on for state in replayed(book, as_of).states}
    return tuple(replace(due, due_on=due_on[due.seq]) for due in book.dues)


def _moved(due: core.Due, months: int, due_day: int, open_seqs: set[int]) -> core.Due:
    return (
        replace(due, due_on=on_day(add_months(due.due_on, months), due_day))
        if (due.seq in open_seqs)
        else due
    )


def on_day(month: date, due_day: int) -> date:
    """The due day in a month, its last day if it is shorter."""
    return min(month_end(month), month.replace(day=1) + timedelta(days=due_day - 1))


def _standing(book: Book, as_of: date) -> list[core.Payment]:
    return [
        core.Payment(payment.value_on, number, payment.amount_minor)
        for number, payment in enumerate(book.payments)
        if payment.value_on <= as_of
        and (payment.returned_on is None or payment.returned_on > as_of)
    ]
