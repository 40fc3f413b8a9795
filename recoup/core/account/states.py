"""One due as it stands: what is paid, what is open, and the minor-days 积数 behind its penalty."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from recoup.core.account.terms import Due, Terms
from recoup.core.penalty import penalty_minor
from recoup.core.waterfall import Component


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of days, `from_on` until before `to_on`, on which the penalty base was one sum."""

    from_on: date
    to_on: date
    base: int

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.to_on - self.from_on).days

    @property
    def minor_days(self) -> int:
        """Base × days."""
        return self.base * self.days


@dataclass(frozen=True, slots=True)
class DueState:
    """A due with its payments so far; amounts in minor units.

    `minor_days` are accumulated until `accrued_on`; `segments` are the stretches they came from.
    """

    seq: int
    due_on: date
    principal: int
    interest: int
    cost: int
    principal_paid: int
    interest_paid: int
    cost_paid: int
    accrued_on: date
    settled_on: date | None
    penalty_paid: int = 0
    minor_days: int = 0
    segments: tuple[Segment, ...] = ()

    @classmethod
    def opening(cls, due: Due) -> Self:
        """The state before any payment; a due with nothing open counts as settled when due."""
        paid = due.principal_paid + due.interest_paid + due.cost_paid
        is_open = due.principal + due.interest + due.cost > paid
        return cls(
            seq=due.seq,
            due_on=due.due_on,
            principal=due.principal,
            interest=due.interest,
            cost=due.cost,
            principal_paid=due.principal_paid,
            interest_paid=due.interest_paid,
            cost_paid=due.cost_paid,
            accrued_on=due.due_on,
            settled_on=None if is_open else due.due_on,
        )

    @property
    def principal_open(self) -> int:
        """Scheduled principal not yet paid."""
        return self.principal - self.principal_paid

    @property
    def interest_open(self) -> int:
        """Scheduled interest not yet paid."""
        return self.interest - self.interest_paid

    @property
    def cost_open(self) -> int:
        """Cost not yet paid."""
        return self.cost - self.cost_paid

    def is_late_on(self, terms: Terms, as_of: date) -> bool:
        """Whether it makes the account late: due before `as_of`, more open than is tolerated."""
        open_now = self.principal_open + self.interest_open
        tolerated = terms.tolerance_pct * (self.principal + self.interest)
        return self.due_on < as_of and 100 * open_now > tolerated

    def base_open(self, terms: Terms) -> int:
        """What the penalty is reckoned on: open principal, with open interest if agreed."""
        return self.principal_open + (self.interest_open if terms.penalty_on_interest else 0)

    def minor_days_at(self, terms: Terms, on: date) -> int:
        """Minor-days 积数 until `on`."""
        return self.minor_days + self.base_open(terms) * max(0, (on - self.accrued_on).days)

    def penalty_cap(self, terms: Terms) -> int | None:
        """The most penalty this due may bear, None for no cap."""
        if terms.penalty_cap_pct is None:
            return None
        return (self.principal + self.interest) * terms.penalty_cap_pct // 100

    def in_grace(self, terms: Terms, on: date) -> bool:
        """Whether `on` is not after the grace days of this due."""
        return on <= self.due_on + timedelta(days=terms.grace_days)

    def penalty_at(self, terms: Terms, on: date) -> int:
        """All penalty until `on`, paid or not: 0 in grace, then counted from the due date."""
        if self.in_grace(terms, on):
            return 0
        minor_days = self.minor_days_at(terms, on)
        grown = penalty_minor(minor_days, terms.penalty_rate_micro, terms.penalty_day_basis)
        cap = self.penalty_cap(terms)
        return grown if cap is None else min(cap, grown)

    def penalty_open(self, terms: Terms, on: date) -> int:
        """Penalty until `on` not yet paid."""
        return max(0, self.penalty_at(terms, on) - self.penalty_paid)

    def open_by_component(self, terms: Terms, on: date) -> dict[Component, int]:
        """Everything open on a day, by component."""
        return {
            Component.COST: self.cost_open,
            Component.PENALTY: self.penalty_open(terms, on),
            Component.INTEREST: self.interest_open,
            Component.PRINCIPAL: self.principal_open,
        }

    def segments_until(self, terms: Terms, on: date) -> tuple[Segment, ...]:
        """The stretches behind `minor_days_at(terms, on)`; they add up to it exactly."""
        running = Segment(self.accrued_on, on, self.base_open(terms))
        if running.days <= 0 or running.base == 0:
            return self.segments
        return (*self.segments, running)

    def receive(self, terms: Terms, parts: Mapping[Component, int], on: date) -> "DueState":
        """The state after it received `parts` of a payment valued `on`."""
        paid = replace(
            self,
            minor_days=self.minor_days_at(terms, on),
            segments=self.segments_until(terms, on),
            accrued_on=max(self.accrued_on, on),
            cost_paid=self.cost_paid + parts.get(Component.COST, 0),
            penalty_paid=self.penalty_paid + parts.get(Component.PENALTY, 0),
            interest_paid=self.interest_paid + parts.get(Component.INTEREST, 0),
            principal_paid=self.principal_paid + parts.get(Component.PRINCIPAL, 0),
        )
        if paid.principal_open == paid.interest_open == 0 and paid.in_grace(terms, on):
            paid = replace(paid, minor_days=0, segments=())  # paid within grace: no penalty ever
        is_open = any(paid.open_by_component(terms, on).values())
        return paid if is_open else replace(paid, settled_on=on)
