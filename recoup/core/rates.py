"""Rates of return: present value, internal rate, nominal and effective rate.

Reckoned in decimals of 40 digits, never in floats; results are good to 28 digits.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from recoup.core.refusals import Refused

Exact = int | Fraction | Decimal
Flow = tuple[date, Exact]

WORKING = Context(prec=40)
RESULT = Context(prec=28)
YEAR_DAYS = 365  # XNPV and XIRR count ACT/365
WIDEST, STEP = Decimal(12), Decimal("0.25")  # of ln(1 + rate): −99.999 % … 162 000 fold
PRECISE = Decimal("1e-34")


class NoRate(Refused):
    """No rate above −100 % makes these flows worth nothing, or none was found."""

    code = "no_rate"
    message = "These payments have no rate of return."


class FlowsMissing(Refused):
    """A present value needs at least one payment."""

    code = "flows_missing"
    message = "There are no payments to reckon with."


def npv(rate: Exact, flows: Sequence[Exact]) -> Fraction:
    """Present value, exact, of flows at the end of periods 1, 2, … (as the spreadsheet's NPV)."""
    discount = 1 / (1 + Fraction(rate))
    return sum((Fraction(flow) * discount**k for k, flow in enumerate(flows, 1)), Fraction(0))


def xnpv(rate: Exact, flows: Sequence[Flow]) -> Decimal:
    """Present value on the day of the first flow, ACT/365. Raises FlowsMissing, NoRate."""
    if not flows:
        raise FlowsMissing
    return RESULT.plus(_present(_years(flows), natural_log(1 + Fraction(rate))))


def irr(flows: Sequence[Exact]) -> Decimal:
    """The rate per period at which flows at times 0, 1, 2, … are worth nothing.

    Of several such rates the one nearest to zero. Raises NoRate.
    """
    return _rate_of([(Decimal(k), decimal(flow)) for k, flow in enumerate(flows)])


def xirr(flows: Sequence[Flow]) -> Decimal:
    """The effective annual rate, ACT/365, at which dated flows are worth nothing.

    Of several such rates the one nearest to zero. Raises NoRate, FlowsMissing.
    """
    if not flows:
        raise FlowsMissing
    return _rate_of(_years(flows))


def effective(nominal_rate: Exact, periods: int) -> Fraction:
    """The effective annual rate of a nominal one compounded `periods` (≥ 1) times; exact."""
    return (1 + Fraction(nominal_rate) / periods) ** periods - 1


def nominal(effective_rate: Exact, periods: int) -> Decimal:
    """The nominal annual rate that compounds `periods` (≥ 1) times to the effective one.

    Raises NoRate at −100 % or less.
    """
    with localcontext(WORKING):
        growth = (natural_log(1 + Fraction(effective_rate)) / periods).exp()
        return RESULT.plus(periods * (growth - 1))


def decimal(value: Exact) -> Decimal:
    """An exact number to 40 digits."""
    exact = Fraction(value)
    return WORKING.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def natural_log(value: Fraction) -> Decimal:
    """The logarithm to 40 digits. Raises NoRate for zero or less."""
    if value <= 0:
        raise NoRate
    return decimal(value).ln(WORKING)


def _years(flows: Sequence[Flow]) -> list[tuple[Decimal, Decimal]]:
    began_on = flows[0][0]
    return [
        (decimal(Fraction((on - began_on).days, YEAR_DAYS)), decimal(flow)) for on, flow in flows
    ]


def _present(timed: Sequence[tuple[Decimal, Decimal]], log_rate: Decimal) -> Decimal:
    with localcontext(WORKING):
        return sum((flow * (-log_rate * time).exp() for time, flow in timed), Decimal(0))


def _rate_of(timed: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    signs = {flow > 0 for _, flow in timed if flow}
    if len(signs) < 2:
        raise NoRate
    with localcontext(WORKING):
        root = _root(lambda log_rate: _present(timed, log_rate))
        return RESULT.plus(root.exp() - 1)


def _root(worth: Callable[[Decimal], Decimal]) -> Decimal:
    """The root of `worth` nearest to zero, by looking outwards in steps and then closing in."""
    inner, near = Decimal(0), {1: worth(Decimal(0)), -1: worth(Decimal(0))}
    while inner < WIDEST:
        outer = inner + STEP
        for side in (1, -1):
            far = worth(side * outer)
            if near[side] == 0 or near[side] * far < 0:
                return _close_in(worth, side * inner, side * outer)
            near[side] = far
        inner = outer
    raise NoRate


def _close_in(worth: Callable[[Decimal], Decimal], low: Decimal, high: Decimal) -> Decimal:
    """A root between `low` and `high` by regula falsi that halves a standing end (Illinois)."""
    at_low, at_high = worth(low), worth(high)
    if at_low == 0:
        return low
    for _ in range(200):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        at_middle = worth(middle)
        if at_middle == 0 or abs(high - low) < PRECISE or middle in (low, high):
            return middle
        if at_middle * at_high < 0:
            low, at_low = high, at_high
        else:
            at_low /= 2
        high, at_high = middle, at_middle
    return high
