"""The penalty rate stays within the law, and grows by minor-days."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.penalty import (
    CAP_24_PCT_MICRO,
    CN_MISUSE,
    DayBasisUnknown,
    PenaltyMultiplierOutOfRange,
    RateNegative,
    four_times_lpr_micro,
    heavier_rate_micro,
    penalty_minor,
    penalty_rate_micro,
)
from tests.core.figures import minor, records

FRAPPE = {case["kind"]: case for case in records("frappe_cases.jsonl")}


def test_an_overdue_rate_is_the_contract_rate_and_half_of_it():
    assert penalty_rate_micro(84_000, Decimal("1.5")) == 126_000
    assert penalty_rate_micro(84_000, Fraction(13, 10)) == 109_200


@pytest.mark.parametrize("multiplier", ["1.29", "1.51", "1", "2"])
def test_an_overdue_multiplier_outside_130_to_150_per_cent_is_refused(multiplier):
    with pytest.raises(PenaltyMultiplierOutOfRange, match=r"1\.3 to 1\.5 times .*251号"):
        penalty_rate_micro(84_000, Decimal(multiplier))


def test_misuse_has_its_own_range():
    assert penalty_rate_micro(84_000, Decimal(2), allowed=CN_MISUSE) == 168_000
    with pytest.raises(PenaltyMultiplierOutOfRange):
        penalty_rate_micro(84_000, Decimal("1.4"), allowed=CN_MISUSE)


def test_overdue_and_misuse_never_add_up():
    assert heavier_rate_micro(126_000, 168_000) == 168_000


def test_the_cap_holds_the_rate_down():
    assert penalty_rate_micro(180_000, Decimal("1.5"), CAP_24_PCT_MICRO) == 240_000
    assert penalty_rate_micro(100_000, Decimal("1.5"), four_times_lpr_micro(30_000)) == 120_000


def test_a_fraction_of_a_millionth_is_dropped_so_that_the_multiple_is_never_exceeded():
    assert penalty_rate_micro(84_001, Decimal("1.5")) == 126_001


def test_negative_rates_and_odd_years_are_refused():
    with pytest.raises(RateNegative):
        penalty_rate_micro(-1, Decimal("1.5"))
    with pytest.raises(RateNegative):
        penalty_rate_micro(1, Decimal("1.5"), cap_micro=-1)
    with pytest.raises(DayBasisUnknown):
        penalty_minor(1, 1, 366)


def test_a_hundred_thousand_overdue_for_ten_days():
    ten_days_of_1000_yuan = 1000_00 * 10

    assert penalty_minor(ten_days_of_1000_yuan, 126_000, 360) == 350
    assert penalty_minor(ten_days_of_1000_yuan, 126_000, 365) == 345


def test_frappe_reckons_the_same_penalty():
    given_ = FRAPPE["penalty"]["inputs"]
    minor_days = minor(given_["overdue_interest"]) * given_["days"]

    penalty = penalty_minor(minor_days, given_["penalty_rate_pct"] * 10_000, 365)

    assert round(Fraction(penalty, 100)) == FRAPPE["penalty"]["expected"]["penalty_rounded0"]


@given(st.integers(0, 10**12), st.integers(0, 10**6), st.integers(0, 360_000))
def test_more_minor_days_never_make_less_penalty(minor_days, more, rate):
    assert penalty_minor(minor_days + more, rate, 360) >= penalty_minor(minor_days, rate, 360)
