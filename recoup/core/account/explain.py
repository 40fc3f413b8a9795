"""Explain: every cent of what is overdue, down to the due and the stretch of penalty days."""

from dataclasses import dataclass
from datetime import date

from recoup.core.account.position import overdue_states
from recoup.core.account.posting import Account
from recoup.core.account.states import DueState, Segment
from recoup.core.account.terms import Terms


@dataclass(frozen=True, slots=True)
class DueExplanation:
    """One overdue due: what is open of it, and where its penalty comes from.

    `segments` add up to `minor_days`; `minor_days` × rate, rounded once, is `penalty_grown`;
    `penalty_grown` unless in grace, at most `penalty_cap`, is `penalty_charged`;
    less `penalty_paid` it is `penalty_open`.
    """

    seq: int
    due_on: date
    cost_open: int
    interest_open: int
    principal_open: int
    segments: tuple[Segment, ...]
    minor_days: int
    in_grace: bool
    penalty_cap: int | None
    penalty_charged: int
    penalty_paid: int
    penalty_open: int

    @property
    def total(self) -> int:
        """Everything open of this due."""
        return self.cost_open + self.penalty_open + self.interest_open + self.principal_open


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is overdue on a day, due by due, under the terms it was reckoned by."""

    as_of: date
    terms: Terms
    dues: tuple[DueExplanation, ...]

    @property
    def total(self) -> int:
        """Equal to `position(account, as_of).overdue_total`."""
        return sum(due.total for due in self.dues)


def explain(account: Account, as_of: date) -> Explanation:
    """The overdue amount of `position`, taken apart. Raises AsOfBeforeLastPayment."""
    overdue = overdue_states(account, as_of)
    terms = account.terms
    return Explanation(as_of, terms, tuple(_explain_due(s, terms, as_of) for s in overdue))


def _explain_due(state: DueState, terms: Terms, as_of: date) -> DueExplanation:
    return DueExplanation(
        seq=state.seq,
        due_on=state.due_on,
        cost_open=state.cost_open,
        interest_open=state.interest_open,
        principal_open=state.principal_open,
        segments=state.segments_until(terms, as_of),
        minor_days=state.minor_days_at(terms, as_of),
        in_grace=state.in_grace(terms, as_of),
        penalty_cap=state.penalty_cap(terms),
        penalty_charged=state.penalty_at(terms, as_of),
        penalty_paid=state.penalty_paid,
        penalty_open=state.penalty_open(terms, as_of),
    )
