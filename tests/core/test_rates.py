"""Rates of return to the figures of pyxirr, and a clear «no» where there is none."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.calendar import every_months
from recoup.core.rates import FlowsMissing, NoRate, effective, irr, nominal, npv, xirr, xnpv
from tests.core.figures import day, table

FLOAT_NOISE = Decimal("2e-9")  # pyxirr closes in on the root in double precision


@pytest.mark.parametrize("row", table("irr_pyxirr.csv"), ids=lambda row: row["case_id"])
def test_rates_of_loans_with_a_fee_are_those_of_pyxirr(row):
    count, start = int(row["n_months"]), day(row["start"])
    paid_out = Fraction(row["principal"]) - Fraction(row["upfront_fee"])
    flows = [-paid_out, *[Fraction(row["monthly_payment"])] * count]
    dated = list(zip([start, *every_months(start, count)], flows, strict=True))

    monthly = irr(flows)

    assert abs(xirr(dated) - Decimal(row["xirr_act365"])) < FLOAT_NOISE
    assert abs(monthly - Decimal(row["irr_monthly"])) < FLOAT_NOISE
    assert abs(12 * monthly - Decimal(row["nominal_annual_irr"])) < FLOAT_NOISE


@given(
    st.fractions(Fraction(-1, 2), 3, max_denominator=500),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=24).filter(any),
)
def test_the_rate_by_which_flows_were_made_is_found_again(rate, payments):
    lent = npv(rate, payments)

    assert abs(irr([-lent, *payments]) - Decimal(rate.numerator) / rate.denominator) < Decimal(
        "1e-20"
    )


def test_at_its_own_rate_a_loan_is_worth_nothing():
    flows = [(date(2023, 12, 31), -1000), (date(2024, 2, 29), 400), (date(2024, 12, 31), 700)]

    rate = xirr(flows)

    assert abs(xnpv(rate, flows)) < Decimal("1e-20")
    assert xirr([(on, 3 * flow) for on, flow in flows]) == pytest.approx(rate)


def test_a_loan_without_interest_has_the_rate_zero():
    assert irr([-1200, *[100] * 12]) == 0
    assert xirr([(date(2024, 1, 1), -5), (date(2024, 6, 1), 5)]) == 0


def test_a_lost_loan_has_a_negative_rate():
    assert irr([-1000, 0, 10]).quantize(Decimal("0.01")) == Decimal("-0.90")


@pytest.mark.parametrize(
    "flows", [[], [100], [100, 200], [-100, -200], [0, 0], [-100, 0], [100, -300, 250]]
)
def test_flows_without_a_rate_are_refused(flows):
    with pytest.raises(NoRate):
        irr(flows)


def test_no_flows_and_a_rate_of_minus_one_are_refused():
    for ask in (lambda: xirr([]), lambda: xnpv(Fraction(1, 10), [])):
        with pytest.raises(FlowsMissing):
            ask()
    with pytest.raises(NoRate):
        xnpv(-1, [(date(2024, 2, 29), 1)])
    with pytest.raises(NoRate):
        nominal(-1, 12)


@given(st.fractions(0, 1, max_denominator=1000), st.sampled_from([1, 2, 4, 12, 52]))
def test_nominal_and_effective_rates_are_each_others_inverse(rate, periods):
    back = nominal(effective(rate, periods), periods)

    assert abs(back - Decimal(rate.numerator) / rate.denominator) < Decimal("1e-24")


def test_one_per_cent_a_month_is_effectively_12_68_per_cent():
    assert effective(Fraction(12, 100), 12).limit_denominator(10**4) == pytest.approx(0.12682503)
