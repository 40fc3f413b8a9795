"""Annuities: payment, interest and principal parts, balance and number of payments.

Signs are the spreadsheet's: money received is positive, money paid negative. Rates are per
period and exact, e.g. `Fraction("0.01")`; all results but that of `nper` are exact and rounded
by nobody. `due` says that payments fall at the beginning of each period. The rules are those of
the spreadsheet functions of the same names (OASIS OpenFormula 1.2, section 6.12).
"""

from decimal import Decimal
from fractions import Fraction

from recoup.core.rates import NoRate, natural_log
from recoup.core.refusals import Refused

Exact = int | Fraction | Decimal


class PeriodOutside(Refused):
    """The period asked for is not one of the loan's."""

    code = "period_outside"
    message = "Period %(period)s does not lie within 1 to %(count)s."


class NeverRepaid(Refused):
    """No number of such payments brings the loan to its end."""

    code = "never_repaid"
    message = "No number of payments of %(pmt)s repays this loan."


def pmt(rate: Exact, count: int, pv: Exact, fv: Exact = 0, *, due: bool = False) -> Fraction:
    """The level payment which brings `pv` to `fv` over `count` (≥ 1) periods.

    Raises PeriodOutside for a count below 1.
    """
    _refuse_outside(count, max(count, 1))
    exact, present, future = Fraction(rate), Fraction(pv), Fraction(fv)
    if exact == 0:
        return -(present + future) / count
    growth = (1 + exact) ** count
    level = -(present * growth + future) * exact / (growth - 1)
    return level / (1 + exact) if due else level


def balance(
    rate: Exact, count: int, pv: Exact, after: int, fv: Exact = 0, *, due: bool = False
) -> Fraction:
    """What is still owed at the end of period `after` (0…count), `fv` included.

    Positive for a loan received (`pv` > 0). Raises PeriodOutside.
    """
    if after:
        _refuse_outside(after, count)
    exact = Fraction(rate)
    level = pmt(rate, count, pv, fv, due=due) * (1 + exact if due else 1)
    if exact == 0:
        return Fraction(pv) + level * after
    growth = (1 + exact) ** after
    return Fraction(pv) * growth + level * (growth - 1) / exact


def ipmt(
    rate: Exact, period: int, count: int, pv: Exact, fv: Exact = 0, *, due: bool = False
) -> Fraction:
    """The interest part of payment `period` (1…count). Raises PeriodOutside."""
    _refuse_outside(period, count)
    if due and period == 1:
        return Fraction(0)
    exact = Fraction(rate)
    interest = -balance(rate, count, pv, period - 1, fv, due=due) * exact
    return interest / (1 + exact) if due else interest


def ppmt(
    rate: Exact, period: int, count: int, pv: Exact, fv: Exact = 0, *, due: bool = False
) -> Fraction:
    """The principal part of payment `period` (1…count). Raises PeriodOutside."""
    return pmt(rate, count, pv, fv, due=due) - ipmt(rate, period, count, pv, fv, due=due)


def cumipmt(
    rate: Exact, count: int, pv: Exact, first: int, last: int, *, due: bool = False
) -> Fraction:
    """Interest paid in payments `first` to `last`, both included. Raises PeriodOutside."""
    return sum((ipmt(rate, k, count, pv, due=due) for k in range(first, last + 1)), Fraction(0))


def cumprinc(
    rate: Exact, count: int, pv: Exact, first: int, last: int, *, due: bool = False
) -> Fraction:
    """Principal paid in payments `first` to `last`, both included. Raises PeriodOutside."""
    return sum((ppmt(rate, k, count, pv, due=due) for k in range(first, last + 1)), Fraction(0))


def nper(rate: Exact, pmt: Exact, pv: Exact, fv: Exact = 0, *, due: bool = False) -> Decimal:
    """How many payments bring `pv` to `fv`, with a part of a payment, to 28 digits.

    Raises NeverRepaid if no number does.
    """
    exact, level = Fraction(rate), Fraction(pmt)
    if exact == 0 and level != 0:
        whole = -(Fraction(pv) + Fraction(fv)) / level
        return Decimal(whole.numerator) / Decimal(whole.denominator)
    if exact == 0:
        raise NeverRepaid(pmt=str(pmt))
    forever = level * (1 + exact if due else 1) / exact
    try:
        growth = (forever - Fraction(fv)) / (forever + Fraction(pv))
        return natural_log(growth) / natural_log(1 + exact)
    except (ZeroDivisionError, NoRate):
        raise NeverRepaid(pmt=str(pmt)) from None


def _refuse_outside(period: int, count: int) -> None:
    if not 1 <= period <= count:
        raise PeriodOutside(period=period, count=count)
