"""Loans paid out in tranches: the level instalment is set anew whenever money is paid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recoup.core.calendar import year_fraction
from recoup.core.rounding import round_fraction
from recoup.core.schedule.terms import (
    Instalment,
    InstalmentBelowInterest,
    ScheduleImpossible,
    ScheduleTerms,
    level_instalment,
)


@dataclass(frozen=True, slots=True)
class Tranche:
    """A further pay-out (minor units, > 0) on a day of the term."""

    on: date
    minor: int


def equal_instalment_in_tranches(
    terms: ScheduleTerms, tranches: Sequence[Tranche]
) -> tuple[Instalment, ...]:
    """等额本息 with further pay-outs; `terms.principal_minor` is what was paid out at the start.

    A tranche bears interest from its day: its share of the period is by actual days where
    `day_count` is None. A tranche on a due date counts from the next period. Without tranches
    this is `equal_instalment`. Raises ScheduleImpossible for a tranche outside the term,
    InstalmentBelowInterest.
    """
    if any(not terms.began_on <= t.on < terms.due_dates[-1] or t.minor <= 0 for t in tranches):
        raise ScheduleImpossible(reason="a tranche must lie within the term and be above zero")
    rates, rows = terms.period_rates(), list[Instalment]()
    balance, level, since = terms.principal_minor, None, terms.began_on
    for index, until in enumerate(terms.due_dates):
        paid_out = [t for t in tranches if since <= t.on < until]
        exact = balance * rates[index] + sum(
            (t.minor * _share(terms, t.on, since, until, rates[index]) for t in paid_out),
            Fraction(0),
        )
        balance += sum(t.minor for t in paid_out)
        if level is None or paid_out:
            level = terms.round_level(level_instalment(balance + exact, rates[index + 1 :]))
        interest = round_fraction(exact, terms.interest_rounding)
        is_last = index == len(rates) - 1
        if interest > level and not is_last:
            raise InstalmentBelowInterest(seq=index + 1, instalment=level, interest=interest)
        principal = balance if is_last else min(level - interest, balance)
        rows.append(Instalment(index + 1, until, principal, interest))
        balance, since = balance - principal, until
    return tuple(rows)


def _share(
    terms: ScheduleTerms, on: date, since: date, until: date, period_rate: Fraction
) -> Fraction:
    """The rate from `on` to the end of the period."""
    if terms.day_count is None:
        return period_rate * Fraction((until - on).days, (until - since).days)
    return terms.annual_rate * year_fraction(on, until, terms.day_count)
