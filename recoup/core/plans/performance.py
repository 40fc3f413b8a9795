"""Performance: whether a plan is kept, late, broken or performed, from its rows and the money.

Derived for any day from the value dates: a back-dated payment or a reversal is simply another
list of payments, and the answer is as if it had been known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recoup.core.account import Payment
from recoup.core.plans.parts import Row
from recoup.core.refusals import Refused


class PlanState(StrEnum):
    """How a plan stands on a day."""

    KEPT = "KEPT"  # everything due until the day before is paid
    LATE = "LATE"  # something is not, but the rules do not break the plan yet
    BROKEN = "BROKEN"  # by a stated rule; later money does not mend it
    PERFORMED = "PERFORMED"  # everything is paid


class Breach(StrEnum):
    """By which rule a plan was broken."""

    PARTS_MISSED = "PARTS_MISSED"  # more parts than allowed were not paid within grace
    TOO_LATE = "TOO_LATE"  # one part was open too many days


# What may follow from one day to the next while the payments known are the same.
NEXT: dict[PlanState, frozenset[PlanState]] = {
    PlanState.KEPT: frozenset(PlanState),
    PlanState.LATE: frozenset(PlanState),
    PlanState.BROKEN: frozenset({PlanState.BROKEN}),
    PlanState.PERFORMED: frozenset({PlanState.PERFORMED}),
}


class BreachRulesInconsistent(Refused):
    """A breach rule is out of its range."""

    code = "plan_breach_rules_inconsistent"
    message = "The breach rule %(rule)s cannot be %(value)s."


@dataclass(frozen=True, slots=True)
class BreachRules:
    """When a plan is broken.

    `grace_days`: a part paid so many days after its day counts as paid in time.
    `most_missed`: so many parts may be missed (paid later than grace, or never) without breaking
    the plan. `most_days_late`: any part open for more days than this breaks it, None for no such
    rule. `tolerance_minor`: so little open of the sum due so far is not looked at.
    Raises BreachRulesInconsistent.
    """

    grace_days: int = 3
    most_missed: int = 0
    most_days_late: int | None = 30
    tolerance_minor: int = 0

    def __post_init__(self) -> None:
        for rule in ("grace_days", "most_missed", "most_days_late", "tolerance_minor"):
            if (getattr(self, rule) or 0) < 0:
                raise BreachRulesInconsistent(rule=rule, value=getattr(self, rule))


@dataclass(frozen=True, slots=True)
class RowWatched:
    """A row as the money has it: `settled_on` None while it is open; `paid` of it so far."""

    due_on: date
    asked: int
    paid: int
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Performance:
    """How a plan stands at the end of a day.

    `since`: the day it came to be so, for BROKEN and PERFORMED. `breach`: the rule that broke it.
    `next_due_on`: the oldest row still open. `over_minor`: paid beyond all rows.
    """

    as_of: date
    state: PlanState
    since: date | None
    breach: Breach | None
    rows: tuple[RowWatched, ...]
    missed: int
    over_minor: int

    @property
    def overdue_minor(self) -> int:
        """What is open of rows before the day."""
        return sum(row.asked - row.paid for row in self.rows if row.due_on < self.as_of)

    @property
    def next_due_on(self) -> date | None:
        """The day of the oldest row still open."""
        return next((row.due_on for row in self.rows if row.settled_on is None), None)


def performance(
    rows: Sequence[Row],
    payments: Iterable[Payment],
    rules: BreachRules,
    *,
    agreed_on: date,
    as_of: date,
) -> Performance:
    """How the plan stands at the end of `as_of`, from money valued from `agreed_on` until then.

    Money meets rows in the order of their days. Rows must ascend, as those of a plan do.
    """
    watched, paid, asked = _watch(rows, payments, rules, agreed_on, as_of)
    broken = _broken(watched, rules, as_of)
    performed_on = _performed_on(watched)
    missed = sum(_is_missed(row, rules, as_of) for row in watched)
    state, since, breach = PlanState.KEPT, None, None
    if broken and (performed_on is None or broken[0] <= performed_on):
        state, (since, breach) = PlanState.BROKEN, broken
    elif performed_on is not None:
        state, since = PlanState.PERFORMED, performed_on
    elif any(row.settled_on is None and row.due_on < as_of for row in watched):
        state = PlanState.LATE
    return Performance(as_of, state, since, breach, watched, missed, max(0, paid - asked))


def _watch(
    rows: Sequence[Row],
    payments: Iterable[Payment],
    rules: BreachRules,
    agreed_on: date,
    as_of: date,
) -> tuple[tuple[RowWatched, ...], int, int]:
    """Each row with the day on which all money until then covered all rows until it."""
    money = sorted(p for p in payments if agreed_on <= p.value_on <= as_of)
    paid, asked, watched = 0, 0, list[RowWatched]()
    whole, arrived = sum(payment.amount for payment in money), iter(money)
    last: date | None = None
    for number, row in enumerate(rows, 1):
        before, asked = asked, asked + row.total
        wanted = asked - (rules.tolerance_minor if number < len(rows) else 0)
        while paid < wanted and (payment := next(arrived, None)):
            paid, last = paid + payment.amount, payment.value_on
        settled_on = (last or agreed_on) if paid >= wanted else None
        covered = min(row.total, max(0, whole - before))
        watched.append(RowWatched(row.due_on, row.total, covered, settled_on))
    return tuple(watched), whole, asked


def _is_missed(row: RowWatched, rules: BreachRules, as_of: date) -> bool:
    """Whether it was not settled by the last day of its grace."""
    last_day = row.due_on + timedelta(days=rules.grace_days)
    return as_of > last_day and (row.settled_on is None or row.settled_on > last_day)


def _broken(
    rows: Sequence[RowWatched], rules: BreachRules, as_of: date
) -> tuple[date, Breach] | None:
    """The first day a rule was broken until `as_of`, and the rule."""
    found = list[tuple[date, Breach]]()
    missed = [row for row in rows if _is_missed(row, rules, as_of)]
    if len(missed) > rules.most_missed:
        late = missed[rules.most_missed]
        found.append((late.due_on + timedelta(days=rules.grace_days + 1), Breach.PARTS_MISSED))
    if rules.most_days_late is not None:
        for row in rows:
            last_day = row.due_on + timedelta(days=rules.most_days_late)
            is_over = row.settled_on is None or row.settled_on > last_day
            if as_of > last_day and is_over:
                found.append((last_day + timedelta(days=1), Breach.TOO_LATE))
    return min(found, default=None)


def _performed_on(rows: Sequence[RowWatched]) -> date | None:
    """The day the last row was settled; None while one is open."""
    days = [row.settled_on for row in rows if row.settled_on is not None]
    return max(days) if len(days) == len(rows) else None
