"""Each rounding has a name and one meaning."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.rounding import Rounding, round_ratio, round_to_multiple

DECIMAL_NAMES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.UP: ROUND_UP,
    Rounding.DOWN: ROUND_DOWN,
}


@pytest.mark.parametrize(
    ("rounding", "rounded"),
    [
        (Rounding.HALF_UP, [1, 2, 3, -1, -2, -3, 2, 3]),
        (Rounding.HALF_EVEN, [0, 2, 2, 0, -2, -2, 2, 3]),
        (Rounding.UP, [1, 2, 3, -1, -2, -3, 3, 3]),
        (Rounding.DOWN, [0, 1, 2, 0, -1, -2, 2, 2]),
    ],
)
def test_halves_and_others_round_by_their_rule(rounding, rounded):
    tenths = [5, 15, 25, -5, -15, -25, 24, 26]

    assert [round_ratio(n, 10, rounding) for n in tenths] == rounded


@given(
    st.integers(-(10**9), 10**9), st.sampled_from([1, 2, 4, 5, 8, 1000]), st.sampled_from(Rounding)
)
def test_every_rounding_agrees_with_decimal_arithmetic(numerator, denominator, rounding):
    exact = Decimal(numerator) / Decimal(denominator)

    assert round_ratio(numerator, denominator, rounding) == int(
        exact.to_integral_value(DECIMAL_NAMES[rounding])
    )
    assert round_ratio(-numerator, -denominator, rounding) == round_ratio(
        numerator, denominator, rounding
    )


def test_half_up_is_the_default_and_a_zero_denominator_is_a_bug():
    assert round_ratio(1, 2) == 1
    with pytest.raises(ZeroDivisionError):
        round_ratio(1, 0)


def test_an_instalment_rounds_to_whole_yuan():
    assert round_to_multiple(Fraction(1505133), 100, Rounding.UP) == 1505200
    assert round_to_multiple(Fraction(32234), 100, Rounding.HALF_EVEN) == 32200
