"""The account as a plan finds it: what is open of each due, and what would settle everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recoup.core.account import Account, AccruedInterest, DueState, Terms, payoff_quote
from recoup.core.plans.parts import NothingOwed, Parts, total


@dataclass(frozen=True, slots=True)
class Standing:
    """An account on the day a plan is made.

    `arrears`: dues until and including `as_of` that are not settled. `running`: those after it.
    `overdue`: what has fallen due. `owed`: everything open, instalments to come included.
    `payoff`: what would settle everything today, accrued interest of the running instalment by
    days. `lapsing`: interest of the schedule that a payoff does not bear. `due_day`:
    the day of the month the loan falls due on, before a short month clips it (as in the ledger).
    """

    as_of: date
    terms: Terms
    arrears: tuple[DueState, ...]
    running: tuple[DueState, ...]
    overdue: Parts
    owed: Parts
    payoff: Parts
    lapsing: int
    due_day: int

    @property
    def states(self) -> tuple[DueState, ...]:
        """All dues that are not settled."""
        return self.arrears + self.running

    def open_of(self, state: DueState) -> Parts:
        """What is open of one due on the day."""
        return Parts.of(state.open_by_component(self.terms, self.as_of))


def standing(account: Account, as_of: date, loan_began_on: date | None = None) -> Standing:
    """The account as a plan made on `as_of` finds it.

    `loan_began_on` is needed while the first instalment runs.
    Raises AsOfBeforeLastPayment, PeriodStartUnknown.
    """
    quote = payoff_quote(account, as_of, AccruedInterest.PRO_RATA, loan_began_on=loan_began_on)
    unsettled = [state for state in account.states if state.settled_on is None]
    arrears = tuple(state for state in unsettled if state.due_on <= as_of)
    return Standing(
        as_of=as_of,
        terms=account.terms,
        arrears=arrears,
        running=tuple(state for state in unsettled if state.due_on > as_of),
        overdue=_open(arrears, account.terms, as_of),
        owed=_open(unsettled, account.terms, as_of),
        payoff=Parts(
            cost=quote.due_cost + quote.future_cost,
            penalty=quote.due_penalty,
            interest=quote.due_interest + quote.accrued_interest,
            principal=quote.due_principal + quote.remaining_principal,
        ),
        lapsing=quote.waived_interest,
        due_day=max((state.due_on.day for state in account.states), default=as_of.day),
    )


def _open(states: Iterable[DueState], terms: Terms, as_of: date) -> Parts:
    return total(Parts.of(state.open_by_component(terms, as_of)) for state in states)


def refuse_nothing(parts: Parts) -> None:
    """Refuse a plan about nothing. Raises NothingOwed."""
    if parts.total == 0:
        raise NothingOwed
