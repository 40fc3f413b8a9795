"""What a schedule is made from, and what it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import prod

from recoup.core.calendar import DayCount, year_fraction
from recoup.core.penalty import MICRO
from recoup.core.refusals import Refused
from recoup.core.rounding import Rounding, round_to_multiple


class ScheduleImpossible(Refused):
    """The terms make no schedule."""

    code = "schedule_impossible"
    message = "No schedule can be made: %(reason)s."


class InstalmentBelowInterest(Refused):
    """An instalment does not cover its interest, so that the debt would grow."""

    code = "instalment_below_interest"
    message = "Instalment %(seq)s of %(instalment)s does not cover its interest of %(interest)s."


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule; amounts in minor units, ≥ 0."""

    seq: int
    due_on: date
    principal_minor: int
    interest_minor: int

    @property
    def total_minor(self) -> int:
        """Principal + interest."""
        return self.principal_minor + self.interest_minor


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """The terms of a loan and the conventions of its lender, each a named option.

    `annual_rate_micro`: nominal, millionths (8.4 % = 84_000). `began_on`: the day interest
    begins. `due_dates`: ascending, after `began_on`.
    `day_count`: how a period's share of the year is counted; None takes annual ÷ 12 per month,
    `months_per_period` of them, whatever the days.
    `instalment_multiple` and `instalment_rounding`: level parts become a multiple of so many
    minor units, e.g. (1, HALF_UP) to the cent, (100, UP) up to whole yuan.
    `interest_rounding`: of each period's interest, to the minor unit.
    The last period always takes the rest. Raises ScheduleImpossible.
    """

    principal_minor: int
    annual_rate_micro: int
    began_on: date
    due_dates: tuple[date, ...]
    day_count: DayCount | None = None
    months_per_period: int = 1
    instalment_multiple: int = 1
    instalment_rounding: Rounding = Rounding.HALF_UP
    interest_rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        days = (self.began_on, *self.due_dates)
        for wrong, reason in (
            (not self.due_dates, "there are no due dates"),
            (any(later <= day for day, later in pairwise(days)), "the due dates do not ascend"),
            (self.principal_minor < 0, "the principal is negative"),
            (self.annual_rate_micro < 0, "the rate is negative"),
            (self.instalment_multiple < 1, "instalments need a multiple of 1 or more"),
            (self.months_per_period < 1, "a period needs a month or more"),
        ):
            if wrong:
                raise ScheduleImpossible(reason=reason)

    @property
    def annual_rate(self) -> Fraction:
        """The nominal annual rate as an exact fraction."""
        return Fraction(self.annual_rate_micro, MICRO)

    def period_rates(self) -> tuple[Fraction, ...]:
        """The exact rate of each period."""
        if self.day_count is None:
            return (self.annual_rate * self.months_per_period / 12,) * len(self.due_dates)
        return tuple(
            self.annual_rate * year_fraction(since, until, self.day_count)
            for since, until in pairwise((self.began_on, *self.due_dates))
        )

    def round_level(self, value: Fraction) -> int:
        """A level part as the lender rounds it."""
        return round_to_multiple(value, self.instalment_multiple, self.instalment_rounding)


def level_instalment(
    worth: Fraction, later_rates: Sequence[Fraction], final: Fraction = Fraction(0)
) -> Fraction:
    """The level payment from a due on, exact.

    `worth` is what is owed on that due before paying, `later_rates` are those of the periods
    after it, `final` stays to be paid on top of the last.
    """
    grown, chain = Fraction(1), Fraction(1)
    for rate in reversed(later_rates):
        grown *= 1 + rate
        chain += grown
    return (worth * prod((1 + rate for rate in later_rates), start=Fraction(1)) - final) / chain
