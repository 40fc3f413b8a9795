"""What is given: the terms of an account, its scheduled dues, its payments and adjustments."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recoup.core.currencies import exponent
from recoup.core.penalty import DayBasisUnknown
from recoup.core.refusals import Refused
from recoup.core.waterfall import CIVIL_CODE_561, AllocationOrder, Component, PaymentNegative


class TermsInconsistent(Refused):
    """A term lies outside its range."""

    code = "account_terms_inconsistent"
    message = "The term %(term)s cannot be %(value)s."


class DueInconsistent(Refused):
    """A due has a negative amount, or more paid than was due."""

    code = "due_inconsistent"
    message = "Due %(seq)s has %(paid)s paid of %(scheduled)s %(component)s."


@dataclass(frozen=True, slots=True)
class Terms:
    """How an account reckons penalty and allocates payments.

    `penalty_rate_micro`: annual, millionths, already capped. `penalty_day_basis`: 360 or 365.
    `penalty_on_interest`: 复利, the base includes open interest (CN-INT-002).
    `grace_days`: ≥ 0; once they have passed, penalty counts from the due date.
    `penalty_cap_pct`: the penalty of one due never exceeds this per cent of its scheduled
    principal + interest, rounded down; None for no cap.
    `tolerance_pct`: 容差, 0…99; a due of which no more than this per cent of principal +
    interest is open is owed, but does not make the account late.
    Raises TermsInconsistent, DayBasisUnknown, CurrencyUnknown.
    """

    currency: str
    penalty_rate_micro: int
    penalty_day_basis: int = 360
    penalty_on_interest: bool = False
    grace_days: int = 0
    order: AllocationOrder = CIVIL_CODE_561
    penalty_cap_pct: int | None = None
    tolerance_pct: int = 0

    def __post_init__(self) -> None:
        exponent(self.currency)
        if self.penalty_day_basis not in (360, 365):
            raise DayBasisUnknown(day_basis=self.penalty_day_basis)
        for term in ("penalty_rate_micro", "grace_days", "penalty_cap_pct"):
            if (getattr(self, term) or 0) < 0:
                raise TermsInconsistent(term=term, value=getattr(self, term))
        if not 0 <= self.tolerance_pct < 100:
            raise TermsInconsistent(term="tolerance_pct", value=self.tolerance_pct)


@dataclass(frozen=True, slots=True)
class Due:
    """One scheduled due; `*_paid` is what was already paid when the account came to us.

    A pure cost, e.g. towing, is a due with only `cost`. `seq` follows `due_on`.
    Raises DueInconsistent unless 0 ≤ paid ≤ scheduled for every component.
    """

    seq: int
    due_on: date
    principal: int = 0
    interest: int = 0
    cost: int = 0
    principal_paid: int = 0
    interest_paid: int = 0
    cost_paid: int = 0

    def __post_init__(self) -> None:
        for component, scheduled, paid in (
            ("principal", self.principal, self.principal_paid),
            ("interest", self.interest, self.interest_paid),
            ("cost", self.cost, self.cost_paid),
        ):
            if not 0 <= paid <= scheduled:
                raise DueInconsistent(
                    seq=self.seq, component=component, scheduled=scheduled, paid=paid
                )


@dataclass(frozen=True, slots=True, order=True)
class Payment:
    """Money received (amount ≥ 0), counted at its value date; `id` orders payments of one day."""

    value_on: date
    id: int
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise PaymentNegative(amount=self.amount)


class ReliefKind(StrEnum):
    """Why something that was owed is let go of."""

    WAIVER = "WAIVER"  # 减免: the lender forgives it
    WRITE_OFF = "WRITE_OFF"  # 核销: the lender no longer expects it


@dataclass(frozen=True, slots=True)
class Relief:
    """So much of what is owed is let go of at a value date, without money.

    It settles what is open at its place in history, in the account's order, like a payment that
    may be bound to one `component` or to one due (`seq`). What is no longer open then lapses.
    """

    value_on: date
    id: int
    amount: int
    kind: ReliefKind
    component: Component | None = None
    seq: int | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise PaymentNegative(amount=self.amount)

    def covers(self, seq: int, component: Component) -> bool:
        """Whether it may settle this component of this due."""
        return self.seq in {None, seq} and self.component in {None, component}


@dataclass(frozen=True, slots=True)
class Refund:
    """Credit given back to the borrower at a value date."""

    value_on: date
    id: int
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise PaymentNegative(amount=self.amount)


Adjustment = Relief | Refund
Event = Payment | Adjustment


def place(event: Event) -> tuple[date, bool, int]:
    """Where an event stands in an account's history: by day, payments first, then by number."""
    return event.value_on, not isinstance(event, Payment), event.id
