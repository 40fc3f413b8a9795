"""Spreading: dated sums meet open dues in the account's order, and interest that goes on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recoup.core.account import DueState, Terms
from recoup.core.calendar import add_months, month_end
from recoup.core.money import Money
from recoup.core.penalty import MICRO
from recoup.core.plans.parts import (
    AmountImpossible,
    CountImpossible,
    FirstDayPast,
    Parts,
    PenaltyDuring,
)
from recoup.core.rounding import round_ratio
from recoup.core.waterfall import CIVIL_CODE_561, Allocation, Component, OpenItem, allocate


@dataclass(frozen=True, slots=True)
class Going:
    """Interest that goes on while principal waits: annual rate in millionths, year of `day_basis`.

    A rate of 0 says that it does not go on.
    """

    rate_micro: int = 0
    day_basis: int = 360

    def interest(self, minor_days: int) -> int:
        """Interest on principal × days, rounded once, half up."""
        return round_ratio(minor_days * self.rate_micro, MICRO * self.day_basis)


NOT_GOING_ON = Going()


@dataclass(frozen=True, slots=True)
class Clock:
    """Until which day penalty has grown on a day of the plan."""

    as_of: date
    penalty: PenaltyDuring
    rests_on: date | None = None  # from this day on it grows no more

    def at(self, on: date) -> date:
        """The day by which penalty is reckoned for a payment of `on`."""
        if self.penalty is not PenaltyDuring.GOES_ON:
            return self.as_of
        return on if self.rests_on is None else min(on, self.rests_on)

    @property
    def interest_from(self) -> date:
        """The day from which overdue principal bears interest: never beside penalty."""
        return self.at(date.max)


@dataclass(frozen=True, slots=True)
class Spread:
    """What one dated sum settled, and of which dues its principal was."""

    on: date
    parts: Parts
    principal: tuple[tuple[int, int], ...]  # (seq, minor)


def open_parts(state: DueState, terms: Terms, clock: Clock, on: date) -> Parts:
    """What a plan asks of one due on a day; penalty that is waived is not asked."""
    parts = Parts.of(state.open_by_component(terms, clock.at(on)))
    if clock.penalty is PenaltyDuring.WAIVED:
        return Parts(parts.cost, 0, parts.interest, parts.principal)
    return parts


def spread(
    states: Sequence[DueState],
    terms: Terms,
    clock: Clock,
    sums: Iterable[tuple[date, int | None]],
) -> tuple[tuple[Spread, ...], tuple[DueState, ...]]:
    """Dated sums applied to dues, what had fallen due first, and the dues after them.

    A sum of None takes everything still open. A sum greater than what is open takes only that.
    """
    left, made = tuple(states), list[Spread]()
    for on, minor in sums:
        received = dict[int, dict[Component, int]]()
        for part in _settled(left, terms, clock, on, minor):
            received.setdefault(part.seq, {})[part.component] = part.amount_minor
        left = tuple(
            state.receive(terms, received[state.seq], clock.at(on))
            if state.seq in received
            else state
            for state in left
        )
        made.append(_spread(on, received))
    return tuple(made), left


def _settled(
    states: Sequence[DueState], terms: Terms, clock: Clock, on: date, minor: int | None
) -> list[Allocation]:
    """What had fallen due in the account's order, then the others one after another (561)."""
    fallen = [state for state in states if state.due_on <= clock.as_of]
    later = [[state] for state in states if state.due_on > clock.as_of]
    made = list[Allocation]()
    for group in (fallen, *later):
        items = _items(group, terms, clock, on)
        whole = sum(item.open_minor for item in items)
        order = terms.order if group is fallen else CIVIL_CODE_561
        parts, rest = allocate(whole if minor is None else minor, items, order)
        minor = None if minor is None else rest
        made += parts
    return made


def _items(states: Iterable[DueState], terms: Terms, clock: Clock, on: date) -> list[OpenItem]:
    return [
        OpenItem(state.seq, component, amount)
        for state in states
        for component, amount in open_parts(state, terms, clock, on).by_component().items()
        if amount > 0
    ]


def _spread(on: date, received: dict[int, dict[Component, int]]) -> Spread:
    parts = sum((Parts.of(amounts) for amounts in received.values()), Parts())
    of_principal = Component.PRINCIPAL
    principal = ((seq, amounts.get(of_principal, 0)) for seq, amounts in received.items())
    return Spread(on, parts, tuple(pair for pair in principal if pair[1]))


def level_sums(
    whole: int,
    days: Sequence[date],
    currency: str,
    multiple: int = 1,
    first: int | None = None,
) -> list[tuple[date, int | None]]:
    """Equal sums on the days, whole multiples; the last takes the rest. `first` may differ.

    Raises CountImpossible if a sum would be nothing, AmountImpossible for a `first` beyond whole.
    """
    if first is not None and not 0 < first <= whole:
        raise AmountImpossible(amount=Money(first, currency), most=Money(whole, currency))
    lead = [] if first is None else [first]
    rest, count = whole - sum(lead), len(days) - len(lead)
    level = rest // count // multiple * multiple if count and multiple > 0 else 0
    if (count or rest) and level == 0:
        raise CountImpossible(count=len(days), amount=Money(whole, currency))
    sums: list[int | None] = [*lead, *[level] * count]
    return list(zip(days, [*sums[:-1], None], strict=True))


def even(whole: int, count: int) -> list[int]:
    """A whole in so many equal parts; the last takes the rest."""
    level = whole // count
    return [level] * (count - 1) + [whole - level * (count - 1)]


def monthly(first_on: date, count: int, due_day: int) -> tuple[date, ...]:
    """`count` days a month apart from `first_on`; the later ones on `due_day`, clipped."""
    return (first_on, *(moved(first_on, step, due_day) for step in range(1, count)))


def moved(day: date, months: int, due_day: int) -> date:
    """The due day so many months on, clipped to the month (as the ledger moves dues)."""
    month = add_months(day.replace(day=1), months)
    return min(month_end(month), month + timedelta(days=due_day - 1))


def refuse_impossible(count: int, whole: int, currency: str) -> None:
    """Refuse fewer than one month or part. Raises CountImpossible."""
    if count < 1:
        raise CountImpossible(count=count, amount=Money(whole, currency))


def refuse_past(first_on: date, agreed_on: date) -> None:
    """Refuse a first payment before the plan. Raises FirstDayPast."""
    if first_on < agreed_on:
        raise FirstDayPast(first_on=first_on, agreed_on=agreed_on)
