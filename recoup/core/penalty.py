"""Penalty interest 罚息: at which rate, and how it grows by minor-days 积数.

Rates are annual, in millionths (8.4 % = 84_000). A minor-day is one minor unit overdue for one
day; the sum of them is rounded to money once per due, never per day.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from recoup.core.refusals import Refused
from recoup.core.rounding import Rounding, round_fraction, round_ratio

MICRO = 1_000_000


class PenaltyMultiplierOutOfRange(Refused):
    """The agreed multiple of the contract rate lies outside what the rule allows."""

    code = "penalty_multiplier_out_of_range"
    message = "The penalty rate must be %(low)s to %(high)s times the contract rate (%(source)s)."


class RateNegative(Refused):
    """A rate or a cap is below zero."""

    code = "rate_negative"
    message = "A rate of %(rate_micro)s millionths a year cannot be used."


class DayBasisUnknown(Refused):
    """An annual rate becomes daily by 360 or 365 only."""

    code = "day_basis_unknown"
    message = "A year of %(day_basis)s days is not a day basis; choose 360 or 365."


@dataclass(frozen=True, slots=True)
class PenaltyRange:
    """Which multiples of the contract rate are allowed, and by which source."""

    low: Fraction
    high: Fraction
    source: str


# Overdue: contract rate + 30 % … 50 % (CN-INT-001); misuse of funds: + 50 % … 100 %.
CN_OVERDUE = PenaltyRange(Fraction(13, 10), Fraction(3, 2), "银发〔2003〕251号 art. 3")
CN_MISUSE = PenaltyRange(Fraction(3, 2), Fraction(2), "银发〔2003〕251号 art. 3")

CAP_24_PCT_MICRO = 240_000  # 法发〔2017〕22号 (CN-INT-003), 金规〔2025〕9号 (CN-INT-004)


def four_times_lpr_micro(lpr_micro: int) -> int:
    """The cap for private lending: 4 × one-year LPR when the contract was made (CN-INT-005).

    Not for licensed institutions nor finance leasing. Raises RateNegative.
    """
    return 4 * _not_negative(lpr_micro)


def penalty_rate_micro(
    contract_rate_micro: int,
    multiplier: Decimal | Fraction,
    cap_micro: int | None = None,
    allowed: PenaltyRange = CN_OVERDUE,
) -> int:
    """The annual penalty rate: contract rate × multiplier, at most the cap if one is set.

    A fraction of a millionth is dropped, so that the rate never exceeds the allowed multiple.
    Raises PenaltyMultiplierOutOfRange, RateNegative.
    """
    exact = Fraction(multiplier)
    if not allowed.low <= exact <= allowed.high:
        raise PenaltyMultiplierOutOfRange(
            low=_plain(allowed.low), high=_plain(allowed.high), source=allowed.source
        )
    rate = round_fraction(_not_negative(contract_rate_micro) * exact, Rounding.DOWN)
    return rate if cap_micro is None else min(rate, _not_negative(cap_micro))


def heavier_rate_micro(overdue_rate_micro: int, misuse_rate_micro: int) -> int:
    """A loan both overdue and misused bears the heavier rate, never both.

    银发〔1999〕77号 择其重,不能并处 (CN-INT-010).
    """
    return max(_not_negative(overdue_rate_micro), _not_negative(misuse_rate_micro))


def penalty_minor(minor_days: int, rate_micro: int, day_basis: int) -> int:
    """Penalty in minor units for minor-days 积数, half up: days × rate ÷ (1 000 000 × basis).

    Raises DayBasisUnknown unless `day_basis` is 360 or 365.
    """
    if day_basis not in (360, 365):
        raise DayBasisUnknown(day_basis=day_basis)
    return round_ratio(minor_days * rate_micro, MICRO * day_basis)


def _not_negative(rate_micro: int) -> int:
    if rate_micro < 0:
        raise RateNegative(rate_micro=rate_micro)
    return rate_micro


def _plain(value: Fraction) -> str:
    """1.3 for 13/10, as a message shows it."""
    return str(Decimal(value.numerator) / Decimal(value.denominator))
