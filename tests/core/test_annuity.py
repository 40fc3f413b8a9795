"""Annuities to the figures of numpy-financial and the spreadsheet."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.annuity import (
    NeverRepaid,
    PeriodOutside,
    balance,
    cumipmt,
    cumprinc,
    ipmt,
    nper,
    pmt,
    ppmt,
)
from recoup.core.rates import nominal, xnpv
from tests.core.figures import day, table

FLOAT_NOISE = Fraction(1, 10**8)  # the figures are double precision, printed to ten decimals
EXAMPLES = {row["case_id"]: row for row in table("excel_examples.csv")}


@pytest.mark.parametrize("row", table("annuity_npf.csv"), ids=lambda row: row["case_id"])
def test_parts_and_balances_are_those_of_numpy_financial(row):
    rate, count, k = Fraction(row["annual_rate_pct"]) / 1200, int(row["n_months"]), int(row["k"])
    pv, fv, due = Fraction(row["principal"]), -Fraction(row["balloon"]), row["when"] == "begin"
    ours = {
        "pmt": -pmt(rate, count, pv, fv, due=due),
        "interest_k": -ipmt(rate, k, count, pv, fv, due=due),
        "principal_k": -ppmt(rate, k, count, pv, fv, due=due),
        "balance_after_k": balance(rate, count, pv, k, fv, due=due),
    }
    stated = {name: Fraction(row[name]) for name in ours if row[name]}

    assert len(stated) >= 3
    for name, expected in stated.items():
        assert abs(ours[name] - expected) < FLOAT_NOISE, name


def number(text: str) -> Fraction:
    """A spreadsheet argument such as 8%/12, 18*12 or -100."""
    product, _, divisor = text.partition("/")
    value = Fraction(1)
    for factor in product.split("*"):
        value *= Fraction(factor.rstrip("%")) / (100 if factor.endswith("%") else 1)
    return value / Fraction(divisor or 1)


def by_spreadsheet(formula: str) -> Fraction | Decimal:
    name, arguments = formula.rstrip(")").split("(", 1)
    if name == "XNPV":
        rate, amounts, days = re.findall(r"[\d.]+%|\{[^}]*\}", arguments)
        flows = zip(days.strip("{}").split(","), amounts.strip("{}").split(","), strict=True)
        return xnpv(number(rate), [(day(on), Fraction(amount)) for on, amount in flows])
    values = [number(argument) for argument in arguments.split(",")]
    whole = [int(value) for value in values]
    functions = {
        "PMT": lambda: pmt(values[0], whole[1], *values[2:]),
        "IPMT": lambda: ipmt(values[0], whole[1], whole[2], values[3]),
        "PPMT": lambda: ppmt(values[0], whole[1], whole[2], values[3]),
        "CUMIPMT": lambda: cumipmt(values[0], whole[1], values[2], whole[3], whole[4]),
        "CUMPRINC": lambda: cumprinc(values[0], whole[1], values[2], whole[3], whole[4]),
        "NPER": lambda: nper(*values[:4], due=bool(whole[4])),
        "NOMINAL": lambda: nominal(values[0], whole[1]),
    }
    return functions[name]()


@pytest.mark.parametrize("row", EXAMPLES.values(), ids=lambda row: row["case_id"])
def test_the_documented_examples_of_the_spreadsheet_come_out(row):
    expected = Decimal(row["expected"])
    ours = by_spreadsheet(row["formula"])

    if isinstance(ours, Fraction):
        ours = Decimal(ours.numerator) / Decimal(ours.denominator)
    assert ours.quantize(expected) == expected


rates = st.fractions(0, Fraction(1, 10), max_denominator=1000)


@given(rates, st.integers(1, 60), st.integers(1, 10**6), st.integers(0, 10**5), st.booleans())
def test_parts_make_the_payment_and_repay_the_loan(rate, count, pv, balloon, due):
    level = pmt(rate, count, pv, -balloon, due=due)
    principal = [ppmt(rate, k, count, pv, -balloon, due=due) for k in range(1, count + 1)]

    assert balance(rate, count, pv, 0, -balloon, due=due) == pv
    assert balance(rate, count, pv, count, -balloon, due=due) == balloon
    if not due:
        assert -sum(principal) == pv - balloon
        assert balance(rate, count, pv, 1, -balloon) == pv + principal[0]
    assert ipmt(rate, count, count, pv, -balloon, due=due) + principal[-1] == level


@given(rates.filter(bool), st.integers(1, 360), st.booleans())
def test_the_number_of_payments_is_found_again(rate, count, due):
    assert abs(nper(rate, pmt(rate, count, 1000, due=due), 1000, due=due) - count) < Decimal(
        "1e-20"
    )


def test_without_interest_a_loan_takes_its_sum_by_the_payment():
    assert nper(0, -100, 1000) == 10
    assert pmt(0, 12, 1200) == -100
    assert cumipmt(0, 12, 1200, 1, 12) == 0


def test_a_payment_below_its_interest_never_repays():
    for rate, level in ((Fraction(1, 10), -100), (0, 0), (Fraction(1, 10), -50)):
        with pytest.raises(NeverRepaid):
            nper(rate, level, 1000)


@pytest.mark.parametrize("period", [0, 13, -1])
def test_a_period_outside_the_loan_is_refused(period):
    with pytest.raises(PeriodOutside):
        ipmt(Fraction(1, 100), period, 12, 1000)
    with pytest.raises(PeriodOutside):
        balance(Fraction(1, 100), 12, 1000, period or 14)
    with pytest.raises(PeriodOutside):
        pmt(Fraction(1, 100), 0, 1000)
