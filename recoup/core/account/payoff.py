"""Payoff: what settles the whole loan on a day, and the account after it is paid."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from recoup.core.account.position import refuse_before_last_payment
from recoup.core.account.posting import Account, post
from recoup.core.account.states import DueState
from recoup.core.account.terms import Payment
from recoup.core.penalty import MICRO
from recoup.core.refusals import Refused
from recoup.core.rounding import round_ratio


class AccruedInterest(StrEnum):
    """Which interest of the running instalment a payoff bears; later interest is never borne."""

    FULL_PERIOD = "FULL_PERIOD"  # all scheduled interest of the running instalment
    PRO_RATA = "PRO_RATA"  # scheduled interest × days run ÷ days of the period, half up
    WAIVED = "WAIVED"  # none


class PeriodStartUnknown(Refused):
    """The first instalment is running and nobody said when the loan began."""

    code = "period_start_unknown"
    message = "To share out the interest of due %(seq)s, say when its period began."


class FeeNegative(Refused):
    """An early-settlement fee is zero or more."""

    code = "payoff_fee_negative"
    message = "An early-settlement fee of %(fee_micro)s millionths cannot be charged."


class QuoteStale(Refused):
    """The account or the day is not the one that was quoted."""

    code = "payoff_quote_stale"
    message = "The quote of %(as_of)s no longer fits the account; quote again."


@dataclass(frozen=True, slots=True)
class PayoffQuote:
    """What settles an account on `as_of`; amounts in minor units.

    `due_*`: open of dues until and including `as_of`. `accrued_interest`: of the running
    instalment, less what was paid on it. `waived_interest`: scheduled but not borne.
    `future_cost`: costs scheduled later. `running_seq`: the running instalment, None after the
    last.
    """

    as_of: date
    due_cost: int
    due_penalty: int
    due_interest: int
    due_principal: int
    accrued_interest: int
    waived_interest: int
    future_cost: int
    remaining_principal: int
    fee: int
    running_seq: int | None

    @property
    def total(self) -> int:
        """What the borrower pays."""
        return (
            self.due_cost
            + self.due_penalty
            + self.due_interest
            + self.due_principal
            + self.accrued_interest
            + self.future_cost
            + self.remaining_principal
            + self.fee
        )


def payoff_quote(
    account: Account,
    as_of: date,
    convention: AccruedInterest,
    *,
    loan_began_on: date | None = None,
    fee_micro: int = 0,
) -> PayoffQuote:
    """What settles the account on `as_of`.

    `fee_micro`: early-settlement fee in millionths of the remaining principal (3 % = 30_000),
    rounded half up. `loan_began_on`: needed for PRO_RATA while the first instalment runs.
    Raises AsOfBeforeLastPayment, PeriodStartUnknown, FeeNegative.
    """
    refuse_before_last_payment(account, as_of)
    if fee_micro < 0:
        raise FeeNegative(fee_micro=fee_micro)
    due = [s for s in account.states if s.settled_on is None and s.due_on <= as_of]
    future = [s for s in account.states if s.due_on > as_of]
    running = next((s for s in future if s.principal or s.interest), None)
    accrued = _accrued(account, as_of, convention, running, loan_began_on) if running else 0
    remaining_principal = sum(s.principal_open for s in future)
    return PayoffQuote(
        as_of=as_of,
        due_cost=sum(s.cost_open for s in due),
        due_penalty=sum(s.penalty_open(account.terms, as_of) for s in due),
        due_interest=sum(s.interest_open for s in due),
        due_principal=sum(s.principal_open for s in due),
        accrued_interest=accrued,
        waived_interest=sum(s.interest_open for s in future) - accrued,
        future_cost=sum(s.cost_open for s in future),
        remaining_principal=remaining_principal,
        fee=round_ratio(remaining_principal * fee_micro, MICRO),
        running_seq=running.seq if running else None,
    )


def _accrued(
    account: Account,
    as_of: date,
    convention: AccruedInterest,
    running: DueState,
    loan_began_on: date | None,
) -> int:
    """Interest of the running instalment to be borne, less what was paid on it, never below 0."""
    if convention is AccruedInterest.WAIVED:
        return 0
    if convention is AccruedInterest.FULL_PERIOD:
        return running.interest_open
    earlier = (
        s.due_on for s in account.states if s.due_on <= as_of and (s.principal or s.interest)
    )
    began_on = max(earlier, default=loan_began_on)
    if began_on is None:
        raise PeriodStartUnknown(seq=running.seq)
    days_run = max(0, (as_of - began_on).days)
    borne = round_ratio(running.interest * days_run, (running.due_on - began_on).days)
    return max(0, borne - running.interest_paid)


def settle(account: Account, quote: PayoffQuote, payment_id: int) -> Account:
    """The account after `quote` is paid in full on its day: nothing is owed any more.

    Future dues keep only the interest quoted; the fee becomes a cost of the next open principal.
    Raises QuoteStale if the quote was made for another state of the account.
    """
    refuse_before_last_payment(account, quote.as_of)
    future = (s for s in account.states if s.due_on > quote.as_of and s.principal_open)
    bears_fee = next((s.seq for s in future), None)
    states = tuple(_reduced(s, quote, bears_fee) for s in account.states)
    payment = Payment(quote.as_of, payment_id, quote.total)
    settled = post(replace(account, states=states), payment)
    is_open = any(s.settled_on is None for s in settled.states)
    if is_open or settled.unallocated != account.unallocated:
        raise QuoteStale(as_of=quote.as_of)
    return settled


def _reduced(state: DueState, quote: PayoffQuote, bears_fee: int | None) -> DueState:
    """A future due with only what the quote asks of it; settled if that is nothing."""
    if state.due_on <= quote.as_of or state.settled_on is not None:
        return state
    accrued = quote.accrued_interest if state.seq == quote.running_seq else 0
    reduced = replace(
        state,
        interest=state.interest_paid + accrued,
        cost=state.cost + (quote.fee if state.seq == bears_fee else 0),
    )
    is_open = reduced.principal_open or reduced.interest_open or reduced.cost_open
    return reduced if is_open else replace(reduced, settled_on=quote.as_of)
