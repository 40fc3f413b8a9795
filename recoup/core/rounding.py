"""Rounding: an exact ratio becomes a whole number by a rule with a name. Never a float."""

from enum import StrEnum
from fractions import Fraction


class Rounding(StrEnum):
    """Named roundings; "away" and "half" look at the size, so that −x rounds like x."""

    HALF_UP = "HALF_UP"  # half away from zero: commercial rounding, PostgreSQL round(numeric)
    HALF_EVEN = "HALF_EVEN"  # half to the even neighbour: IEEE 754, Fineract
    UP = "UP"  # away from zero
    DOWN = "DOWN"  # towards zero


def round_ratio(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """`numerator / denominator` as a whole number. A zero denominator is a bug and crashes."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    size = abs(denominator)
    whole, rest = divmod(abs(numerator), size)
    up = {
        Rounding.HALF_UP: 2 * rest >= size,
        Rounding.HALF_EVEN: 2 * rest > size or (2 * rest == size and whole % 2 == 1),
        Rounding.UP: rest > 0,
        Rounding.DOWN: False,
    }[rounding]
    return sign * (whole + up)


def round_fraction(value: Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """An exact fraction as a whole number."""
    return round_ratio(value.numerator, value.denominator, rounding)


def round_to_multiple(value: Fraction, multiple: int, rounding: Rounding) -> int:
    """The multiple of `multiple` (≥ 1) which `value` rounds to, e.g. 100 for whole yuan in fen."""
    return multiple * round_fraction(value / multiple, rounding)
