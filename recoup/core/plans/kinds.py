"""The kinds of plan: each a function from an account as it stands, and terms, to a plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from recoup.core.account import DueState
from recoup.core.calendar import DayCount, add_months, is_month_end
from recoup.core.money import Money
from recoup.core.plans.parts import (
    AmountImpossible,
    NothingOwed,
    Parts,
    PenaltyDuring,
    Plan,
    PlanKind,
    Row,
    RowKind,
    in_order,
    total,
)
from recoup.core.plans.spreading import (
    NOT_GOING_ON,
    Clock,
    Going,
    Spread,
    even,
    level_sums,
    monthly,
    moved,
    open_parts,
    refuse_impossible,
    refuse_past,
    spread,
)
from recoup.core.plans.standing import Standing, refuse_nothing
from recoup.core.refusals import Refused
from recoup.core.schedule import Instalment, ScheduleTerms, balloon
from recoup.core.waterfall import Component, OpenItem, allocate


class StillOverdue(Refused):
    """An extension too short to bring the oldest due to the day of the plan."""

    code = "plan_still_overdue"
    message = "Moved by %(months)s months the oldest instalment is still overdue."


@dataclass(frozen=True, slots=True)
class InstalmentPlan:
    """分期还款: the arrears in `count` monthly parts from `first_on`, running dues as signed.

    `first_minor`: a first payment of another size. `multiple`: parts are whole multiples of so
    many minor units; the last takes the rest.
    """

    count: int
    first_on: date
    first_minor: int | None = None
    multiple: int = 1
    penalty: PenaltyDuring = PenaltyDuring.STOPS


@dataclass(frozen=True, slots=True)
class Extension:
    """展期: every open due is due `months` later, with `going` interest on its principal."""

    months: int
    going: Going = NOT_GOING_ON
    waives_penalty: bool = False


@dataclass(frozen=True, slots=True)
class Deferral:
    """延期: the arrears and the dues of the next `months` go behind the last one, a month apart."""

    months: int
    going: Going = NOT_GOING_ON
    waives_penalty: bool = False


@dataclass(frozen=True, slots=True)
class Freeze:
    """困难冻结: for `months` only `pays_minor` a month (0: nothing), then as signed.

    What is not paid meanwhile goes behind the last due, the interest that went on for what was
    paid with the first of it. Penalty by GOES_ON grows until the freeze ends and rests from then
    on; interest never goes on beside it.
    """

    months: int
    pays_minor: int = 0
    going: Going = NOT_GOING_ON
    penalty: PenaltyDuring = PenaltyDuring.STOPS


@dataclass(frozen=True, slots=True)
class Restructuring:
    """重组: a new schedule of `count` months over all principal, from `agreed_on` on.

    Open cost, penalty and interest are spread evenly and never bear interest.
    `multiple`: the level instalment is a whole multiple of so many minor units.
    """

    count: int
    first_on: date
    annual_rate_micro: int
    balloon_minor: int = 0
    multiple: int = 1
    day_count: DayCount | None = DayCount.THIRTY_E_360
    waives_penalty: bool = False


NOTHING = Parts()
WAIVED_FIRST = (Component.PENALTY, Component.INTEREST, Component.COST, Component.PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Settlement:
    """和解: `pays_minor` settles everything, in `count` parts; the rest is waived.

    `order`: what is let go of first; what it does not name is not waived at all.
    """

    pays_minor: int
    first_on: date
    count: int = 1
    multiple: int = 1
    order: tuple[Component, ...] = WAIVED_FIRST


PlanTerms = InstalmentPlan | Extension | Deferral | Freeze | Restructuring | Settlement


def make(stands: Standing, terms: PlanTerms) -> Plan:
    """The plan these terms make of the account. Raises what the kind refuses."""
    match terms:
        case InstalmentPlan():
            return instalment_plan(stands, terms)
        case Extension():
            return extension(stands, terms)
        case Deferral():
            return deferral(stands, terms)
        case Freeze():
            return freeze(stands, terms)
        case Restructuring():
            return restructuring(stands, terms)
        case Settlement():
            return settlement(stands, terms)


def instalment_plan(stands: Standing, terms: InstalmentPlan) -> Plan:
    """The arrears in parts beside the running instalments.

    Raises NothingOwed, CountImpossible, AmountImpossible, FirstDayPast.
    """
    refuse_nothing(stands.overdue)
    refuse_past(terms.first_on, stands.as_of)
    refuse_impossible(terms.count, stands.overdue.total, stands.terms.currency)
    clock = Clock(stands.as_of, terms.penalty)
    asked = total(open_parts(s, stands.terms, clock, stands.as_of) for s in stands.arrears)
    days = _days(stands, terms)
    sums = level_sums(asked.total, days, stands.terms.currency, terms.multiple, terms.first_minor)
    parts, after = spread(stands.arrears, stands.terms, clock, sums)
    rows = [Row(part.on, part.parts) for part in parts]
    return _plan(
        PlanKind.INSTALMENTS,
        stands,
        terms,
        [*rows, *running(stands.running)],
        added=Parts(penalty=_grown(stands, stands.arrears, after, clock)),
        waived=_penalty_waived(stands, stands.arrears, terms.penalty),
    )


def extension(stands: Standing, terms: Extension) -> Plan:
    """Everything open, so many months later. Raises NothingOwed, CountImpossible, StillOverdue."""
    refuse_nothing(stands.owed)
    refuse_impossible(terms.months, stands.owed.total, stands.terms.currency)
    new_days = {s.seq: moved(s.due_on, terms.months, stands.due_day) for s in stands.states}
    if any(is_late(s) and new_days[s.seq] < stands.as_of for s in stands.states):
        raise StillOverdue(months=terms.months)
    new_days = {seq: max(day, stands.as_of) for seq, day in new_days.items()}
    return _put_off(PlanKind.EXTENSION, stands, terms, new_days)


def deferral(stands: Standing, terms: Deferral) -> Plan:
    """What is due now and in the next months, behind the last due.

    Raises NothingOwed, CountImpossible.
    """
    waiting = _in_window(stands, terms.months)
    return _put_off(PlanKind.DEFERRAL, stands, terms, _behind_the_last(stands, waiting, terms))


def freeze(stands: Standing, terms: Freeze) -> Plan:
    """Months of little or nothing; what is not paid meanwhile goes behind the last due.

    Raises NothingOwed, CountImpossible, AmountImpossible.
    """
    waiting = _in_window(stands, terms.months)
    if terms.pays_minor < 0:
        raise _impossible(stands, terms.pays_minor, stands.owed.total)
    clock = Clock(stands.as_of, terms.penalty, rests_on=add_months(stands.as_of, terms.months))
    new_days = _behind_the_last(stands, waiting, terms)
    before = tuple(_waits(state, new_days[state.seq], stands.as_of) for state in waiting)
    days = (add_months(stands.as_of, step) for step in range(1, terms.months + 1))
    paid, after = spread(
        before, stands.terms, clock, [(day, terms.pays_minor) for day in days if terms.pays_minor]
    )
    rest = [_rest_of(state, stands, clock, new_days[state.seq]) for state in after]
    interest = _going_on(stands, clock, terms.going, rest)
    interest[0] += sum(_going_on(stands, clock, terms.going, paid))
    rows = [*_rows(paid, [0] * len(paid)), *_rows(rest, interest)]
    return _plan(
        PlanKind.FREEZE,
        stands,
        terms,
        [*rows, *running(s for s in stands.states if s.seq not in new_days)],
        added=Parts(penalty=_grown(stands, before, after, clock), interest=sum(interest)),
        waived=_penalty_waived(stands, waiting, terms.penalty),
    )


def restructuring(stands: Standing, terms: Restructuring) -> Plan:
    """A new schedule over everything open.

    Raises NothingOwed, CountImpossible, FirstDayPast, AmountImpossible, ScheduleImpossible.
    """
    owed = stands.payoff
    refuse_nothing(owed)
    refuse_impossible(terms.count, owed.total, stands.terms.currency)
    refuse_past(terms.first_on, stands.as_of + timedelta(days=1))
    if not 0 <= terms.balloon_minor <= owed.principal:
        raise _impossible(stands, terms.balloon_minor, owed.principal)
    schedule = ScheduleTerms(
        principal_minor=owed.principal,
        annual_rate_micro=terms.annual_rate_micro,
        began_on=stands.as_of,
        due_dates=_days(stands, terms),
        day_count=terms.day_count,
        instalment_multiple=terms.multiple,
    )
    instalments = _new_schedule(schedule, terms.balloon_minor)
    waived = Parts(penalty=owed.penalty if terms.waives_penalty else 0)
    carried = _evenly(owed - waived, terms.count)
    rows = [
        Row(row.due_on, part + Parts(interest=row.interest_minor, principal=row.principal_minor))
        for row, part in zip(instalments, carried, strict=True)
    ]
    new_interest = Parts(interest=sum(row.interest_minor for row in instalments))
    return _plan(
        PlanKind.RESTRUCTURING,
        stands,
        terms,
        rows,
        added=new_interest,
        waived=waived,
        lapsed=stands.lapsing,
    )


def settlement(stands: Standing, terms: Settlement) -> Plan:
    """Less than everything, and the rest is waived. What was agreed bears nothing further.

    Raises NothingOwed, CountImpossible, AmountImpossible, FirstDayPast.
    """
    owed = stands.payoff
    refuse_nothing(owed)
    refuse_impossible(terms.count, owed.total, stands.terms.currency)
    refuse_past(terms.first_on, stands.as_of)
    if not 0 < terms.pays_minor <= owed.total:
        raise _impossible(stands, terms.pays_minor, owed.total)
    waived = _let_go(owed, owed.total - terms.pays_minor, terms.order)
    if waived.total + terms.pays_minor != owed.total:
        raise _impossible(stands, owed.total - terms.pays_minor, waived.total)
    days = _days(stands, terms)
    left, rows = (owed - waived).by_component(), list[Row]()
    for on, minor in level_sums(terms.pays_minor, days, stands.terms.currency, terms.multiple):
        items = [OpenItem(0, component, amount) for component, amount in left.items()]
        sums = sum(left.values()) if minor is None else minor
        parts, _ = allocate(sums, items, stands.terms.order)
        settled = {part.component: part.amount_minor for part in parts}
        left = {component: left[component] - settled.get(component, 0) for component in left}
        rows.append(Row(on, Parts.of(settled)))
    return _plan(PlanKind.SETTLEMENT, stands, terms, rows, waived=waived, lapsed=stands.lapsing)


def as_signed(stands: Standing) -> tuple[Row, ...]:
    """Going on as agreed: what is overdue is paid today, what is to come when it is due."""
    return in_order([Row(stands.as_of, stands.overdue), *running(stands.running)])


def is_late(state: DueState) -> bool:
    """Whether the due would make somebody late; a cost or penalty alone is only owed."""
    return bool(state.principal_open or state.interest_open)


def running(states: Iterable[DueState]) -> list[Row]:
    """Dues that stay as signed."""
    return [
        Row(s.due_on, Parts(s.cost_open, 0, s.interest_open, s.principal_open), RowKind.RUNNING)
        for s in states
    ]


def _plan(
    kind: PlanKind,
    stands: Standing,
    terms: PlanTerms,
    rows: Iterable[Row],
    *,
    added: Parts = NOTHING,
    waived: Parts = NOTHING,
    lapsed: int = 0,
) -> Plan:
    """The plan, if it asks for anything of its own: to waive a penalty alone is no plan."""
    kept = in_order(rows)
    if all(row.kind is RowKind.RUNNING for row in kept):
        raise NothingOwed
    return Plan(
        kind=kind,
        agreed_on=stands.as_of,
        currency=stands.terms.currency,
        rows=kept,
        owed=stands.owed,
        added=added,
        waived=waived,
        lapsed=Parts(interest=lapsed),
        settles_today=stands.payoff.total,
        terms=terms,
    )


def _put_off(
    kind: PlanKind, stands: Standing, terms: Extension | Deferral, new_days: dict[int, date]
) -> Plan:
    """Some dues on new days, the others as signed; no penalty grows meanwhile."""
    penalty = PenaltyDuring.WAIVED if terms.waives_penalty else PenaltyDuring.STOPS
    clock = Clock(stands.as_of, penalty)
    waiting = [state for state in stands.states if state.seq in new_days]
    rest = [_rest_of(state, stands, clock, new_days[state.seq]) for state in waiting]
    interest = _going_on(stands, clock, terms.going, rest)
    return _plan(
        kind,
        stands,
        terms,
        [*_rows(rest, interest), *running(s for s in stands.states if s.seq not in new_days)],
        added=Parts(interest=sum(interest)),
        waived=_penalty_waived(stands, waiting, penalty),
    )


def _in_window(stands: Standing, months: int) -> list[DueState]:
    """What is due now or within so many months."""
    refuse_impossible(months, stands.owed.total, stands.terms.currency)
    ends_on = add_months(stands.as_of, months)
    waiting = [state for state in stands.states if state.due_on <= ends_on]
    refuse_nothing(total(stands.open_of(state) for state in waiting))
    return waiting


def _behind_the_last(
    stands: Standing, waiting: Sequence[DueState], terms: Deferral | Freeze
) -> dict[int, date]:
    """A day for each due put off: a month apart behind the last due; a mere cost with the next."""
    ends_on = add_months(stands.as_of, terms.months)
    last = max(ends_on, *(state.due_on for state in stands.states))
    days, step = dict[int, date](), 1
    for state in waiting:
        days[state.seq] = moved(last, step, stands.due_day)
        step += is_late(state)
    return days


def _waits(state: DueState, new_day: date, as_of: date) -> DueState:
    """A due as the plan has it: one that had not fallen due bears no penalty before its new day."""
    if state.due_on <= as_of:
        return state
    return replace(state, due_on=new_day, accrued_on=new_day)


def _rest_of(state: DueState, stands: Standing, clock: Clock, on: date) -> Spread:
    """What is still open of a due on its new day."""
    parts = Parts() if state.settled_on else open_parts(state, stands.terms, clock, on)
    return Spread(on, parts, ((state.seq, parts.principal),))


def _rows(spreads: Iterable[Spread], interest: Iterable[int]) -> list[Row]:
    """What was settled on each day, with the interest that went on for it."""
    return [
        Row(part.on, part.parts + Parts(interest=minor))
        for part, minor in zip(spreads, interest, strict=True)
    ]


def _going_on(stands: Standing, clock: Clock, going: Going, spreads: Iterable[Spread]) -> list[int]:
    """The interest that went on while the principal settled on each day waited for it.

    Overdue principal waits from the day of the plan (or from the end of its penalty), other
    principal from the day it was due.
    """
    since = {state.seq: state.due_on for state in stands.running}
    return [
        going.interest(
            sum(
                minor * max(0, (part.on - since.get(seq, clock.interest_from)).days)
                for seq, minor in part.principal
            )
        )
        for part in spreads
    ]


def _grown(
    stands: Standing, before: Sequence[DueState], after: Sequence[DueState], clock: Clock
) -> int:
    """The penalty that grew under the plan: what the dues bore by its end less what they bore."""
    if clock.penalty is not PenaltyDuring.GOES_ON:
        return 0
    end = clock.at(date.max)
    bore = sum(s.penalty_paid + s.penalty_open(stands.terms, stands.as_of) for s in before)
    bears = sum(
        s.penalty_paid + (0 if s.settled_on else s.penalty_open(stands.terms, end)) for s in after
    )
    return bears - bore


def _penalty_waived(stands: Standing, states: Iterable[DueState], penalty: PenaltyDuring) -> Parts:
    """The penalty let go of."""
    if penalty is not PenaltyDuring.WAIVED:
        return NOTHING
    return Parts(penalty=sum(stands.open_of(state).penalty for state in states))


@lru_cache(maxsize=1)
def _new_schedule(terms: ScheduleTerms, balloon_minor: int) -> tuple[Instalment, ...]:
    """The same schedule is asked for with and without a waiver, one after the other."""
    return balloon(terms, balloon_minor)


def _days(stands: Standing, terms: InstalmentPlan | Restructuring | Settlement) -> tuple[date, ...]:
    """The days of the parts; a first day at a short month's end keeps to the loan's own day."""
    day = terms.first_on.day
    if is_month_end(terms.first_on):
        day = max(day, stands.due_day)
    return monthly(terms.first_on, terms.count, day)


def _impossible(stands: Standing, minor: int, most: int) -> AmountImpossible:
    currency = stands.terms.currency
    return AmountImpossible(amount=Money(minor, currency), most=Money(most, currency))


def _evenly(parts: Parts, count: int) -> list[Parts]:
    """Cost, penalty and interest in equal parts; the last takes the rest of each."""
    columns = (even(minor, count) for minor in (parts.cost, parts.penalty, parts.interest))
    return [Parts(*amounts) for amounts in zip(*columns, strict=True)]


def _let_go(owed: Parts, minor: int, order: Iterable[Component]) -> Parts:
    """So much of what is owed, taken component by component."""
    amounts, let_go = owed.by_component(), dict[Component, int]()
    for component in order:
        let_go[component] = min(minor - sum(let_go.values()), amounts[component])
    return Parts.of(let_go)
