"""What a plan costs and is worth, to the figures of pyxirr, numpy-financial and the spreadsheet."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from recoup.core.account import Due, Terms, replay
from recoup.core.calendar import every_months
from recoup.core.plans import (
    Alternative,
    Discount,
    InstalmentPlan,
    Parts,
    Plan,
    Restructuring,
    Row,
    Settlement,
    annual_rate,
    compare,
    figures,
    make,
    standing,
)
from recoup.core.plans.figures import AlternativeDoubtful
from recoup.core.rates import irr, xnpv
from recoup.core.refusals import Refused
from tests.core.figures import day, micro, minor, table
from tests.core.plans import cases

FLOAT_NOISE = Decimal("2e-9")  # pyxirr closes in on the root in double precision
WANG = cases.wang_three_late()
EXCEL = {row["case_id"]: row for row in table("excel_examples.csv")}


def restructured(principal_minor: int, rate_micro: int, count: int, balloon_minor: int = 0) -> Plan:
    """A plan over so much principal and nothing else, a month apart, from 15 January 2024."""
    began_on = date(2024, 1, 15)
    dues = [Due(1, date(2040, 1, 15), principal_minor)]
    stands = standing(replay(Terms("CNY", 0), dues, []), began_on, began_on)
    terms = Restructuring(count, date(2024, 2, 15), rate_micro, balloon_minor, day_count=None)
    return make(stands, terms)


@pytest.mark.parametrize("row", table("irr_pyxirr.csv"), ids=lambda row: row["case_id"])
def test_the_annual_rate_of_a_plan_is_that_of_pyxirr(row):
    count, start = int(row["n_months"]), day(row["start"])
    paid_out = minor(row["principal"]) - minor(row["upfront_fee"])
    rows = [
        Row(on, Parts(principal=minor(row["monthly_payment"]))) for on in every_months(start, count)
    ]
    ours = figures(rows, paid_out, Discount(start, 0))

    assert ours.annual_rate is not None
    assert abs(ours.annual_rate - Decimal(row["xirr_act365"])) < FLOAT_NOISE
    assert ours.total == ours.present == count * minor(row["monthly_payment"])


LEVEL = [row for row in table("annuity_npf.csv") if row["when"] == "end"]


@pytest.mark.parametrize("row", LEVEL, ids=lambda row: row["case_id"])
def test_a_restructuring_asks_the_instalment_of_numpy_financial(row):
    count = int(row["n_months"])
    plan = restructured(
        minor(row["principal"]), micro(row["annual_rate_pct"]), count, minor(row["balloon"])
    )
    level = Fraction(row["pmt"]) * 100

    assert abs(plan.rows[0].total - level) <= Fraction(1, 2) + Fraction(1, 10**6)
    assert {r.total for r in plan.rows[:-1]} <= {plan.rows[0].total}
    # The last takes the rest: half a cent a month in the instalment and half in its interest.
    rest = plan.rows[-1].total - level - minor(row["balloon"])
    growth = (1 + Fraction(row["annual_rate_pct"]) / 1200) ** count
    assert abs(rest) <= count * growth + 1


@pytest.mark.parametrize("row", LEVEL, ids=lambda row: row["case_id"])
def test_the_rate_of_a_restructuring_is_the_rate_it_was_made_at(row):
    principal = minor(row["principal"])
    plan = restructured(
        principal, micro(row["annual_rate_pct"]), int(row["n_months"]), minor(row["balloon"])
    )
    monthly = irr([-principal, *(r.total for r in plan.rows)])

    assert abs(12 * monthly - Decimal(row["annual_rate_pct"]) / 100) < Decimal("1e-5")


@pytest.mark.parametrize("row", LEVEL, ids=lambda row: row["case_id"])
def test_the_parts_and_the_balance_of_a_month_are_those_of_numpy_financial(row):
    principal, k = minor(row["principal"]), int(row["k"])
    rate = Fraction(row["annual_rate_pct"]) / 1200
    plan = restructured(
        principal, micro(row["annual_rate_pct"]), int(row["n_months"]), minor(row["balloon"])
    )
    # A minor unit is rounded a month, in the instalment and in its interest, and bears interest.
    drift = k * (1 + rate) ** k + Fraction(1, 10**6)
    balance = principal - sum(r.parts.principal for r in plan.rows[:k])
    at_the_end = minor(row["balloon"]) if k == len(plan.rows) else 0

    assert abs(balance + at_the_end - Fraction(row["balance_after_k"]) * 100) <= drift
    interest = plan.rows[k - 1].parts.interest
    assert abs(interest - Fraction(row["interest_k"]) * 100) <= rate * drift + 1


def test_a_restructuring_asks_what_the_spreadsheet_documents():
    level, first = restructured(10_000_00, 80_000, 10), restructured(125_000_00, 90_000, 360)

    assert EXCEL["XL-01"]["formula"] == "PMT(8%/12,10,10000)"
    assert level.rows[0].total == -minor(EXCEL["XL-01"]["expected"])
    assert EXCEL["XL-09"]["formula"] == "CUMIPMT(9%/12,30*12,125000,1,1,0)"
    assert first.rows[0].parts.interest == -minor(EXCEL["XL-09"]["expected"])
    assert EXCEL["XL-11"]["formula"] == "CUMPRINC(9%/12,30*12,125000,1,1,0)"
    assert first.rows[0].parts.principal == -minor(EXCEL["XL-11"]["expected"])


def test_the_present_value_is_that_of_the_spreadsheets_example():
    amounts, days_ = re.findall(r"\{([^}]*)\}", EXCEL["XL-15"]["formula"])
    flows = [
        (day(on), minor(amount))
        for on, amount in zip(days_.split(","), amounts.split(","), strict=True)
    ]
    expected = Decimal(EXCEL["XL-15"]["expected"])

    assert EXCEL["XL-15"]["formula"].startswith("XNPV(9%,")
    ours = Discount(flows[0][0], 90_000).worth(flows) / 100
    assert ours.quantize(expected) == expected


@given(cases.standings, cases.plan_terms)
def test_the_shared_discount_is_the_present_value_of_the_spreadsheet(stands, terms):
    try:
        plan = make(stands, terms)
    except Refused:
        return
    discount = Discount(plan.agreed_on, 84_000)
    flows = [(row.due_on, row.total) for row in plan.rows]
    exact = xnpv(Fraction(84, 1000), [(plan.agreed_on, 0), *flows])

    assert abs(discount.worth(flows) - exact) < Decimal("1e-15")
    assert abs(discount.worth_minor(flows) - exact) <= Decimal("0.5") + Decimal("1e-15")
    assert Discount(plan.agreed_on, 0).worth_minor(flows) == plan.paid.total


@given(cases.standings, cases.plan_terms)
def test_at_its_own_rate_a_plan_is_worth_what_settles_everything_today(stands, terms):
    try:
        plan = make(stands, terms)
    except Refused:
        return
    flows = [(row.due_on, row.total) for row in plan.rows]
    rate = annual_rate(plan.settles_today, plan.agreed_on, flows)

    if rate is not None:
        worth = xnpv(rate, [(plan.agreed_on, -plan.settles_today), *flows])
        assert abs(worth) < Decimal("1e-12") * plan.settles_today


def test_both_sides_see_the_plan_beside_going_on_and_the_alternative():
    sale = Alternative(
        "VEHICLE_SOLD", "valuation of 10 May 2024", ((date(2024, 8, 31), 90_000_00),)
    )
    plan = make(WANG, InstalmentPlan(6, date(2024, 5, 31)))
    both = compare(WANG, plan, 84_000, sale)

    assert both.plan.total == both.as_signed.total == WANG.owed.total
    assert both.borrower_pays_more == 0
    assert both.plan.present < both.as_signed.present
    # 90,000.00 after 108 days at 8.4 %: / 1.084 ^ (108 / 365) = 87,877.50
    assert both.alternative_present == 87_877_50
    assert both.lender_gains == both.plan.present - 87_877_50
    assert both.plan.annual_rate < both.as_signed.annual_rate


def test_a_longer_plan_costs_more_and_a_settlement_less_than_going_on():
    longer = make(WANG, Restructuring(60, date(2024, 6, 15), 84_000))
    less = make(WANG, Settlement(90_000_00, WANG.as_of))

    assert compare(WANG, longer, 84_000).borrower_pays_more > 0
    assert compare(WANG, less, 84_000).borrower_pays_more == 90_000_00 - WANG.owed.total
    assert compare(WANG, less, 84_000).lender_gains is None


def test_where_no_rate_makes_it_even_there_is_none():
    today = make(WANG, Settlement(WANG.payoff.total - 100, WANG.as_of))

    assert compare(WANG, today, 84_000).plan.annual_rate is None


@pytest.mark.parametrize(("source", "flows"), [("", ((WANG.as_of, 1),)), ("valuation", ())])
def test_an_alternative_says_where_it_comes_from(source, flows):
    with pytest.raises(AlternativeDoubtful):
        Alternative("VEHICLE_SOLD", source, flows)
