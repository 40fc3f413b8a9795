"""Schedules: every method repays the loan, by conventions with a name."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.calendar import DayCount, every_days, every_months, year_fraction
from recoup.core.rounding import Rounding, round_fraction
from recoup.core.schedule import (
    Instalment,
    InstalmentBelowInterest,
    InstalmentsInconsistent,
    ScheduleImpossible,
    ScheduleTerms,
    Tranche,
    balloon,
    equal_instalment,
    equal_instalment_in_tranches,
    equal_principal,
    flat,
    free,
    interest_first,
)
from recoup.core.waterfall import Component, OpenItem, allocate
from tests.core.figures import day, micro, minor, records

BEGAN_ON = date(2023, 12, 31)
CAR = ScheduleTerms(120_000_00, 84_000, BEGAN_ON, every_months(BEGAN_ON, 12))
EMI_CASES = records("fineract_emi_cases.jsonl")
FRAPPE = {case["case_id"]: case for case in records("frappe_cases.jsonl")}
YEARS = {
    "DAYS_365": DayCount.ACT_365F,
    "DAYS_364": DayCount.ACT_364,
    "ACTUAL": DayCount.ACT_ACT_ISDA,
}


def rows(schedule):
    return [(i.principal_minor, i.interest_minor) for i in schedule]


def test_equal_instalments_of_a_car_loan():
    schedule = equal_instalment(CAR)

    assert {i.total_minor for i in schedule[:-1]} == {1046082}
    assert schedule[0] == Instalment(1, date(2024, 1, 31), 962082, 84000)
    assert schedule[1].due_on == date(2024, 2, 29)
    assert sum(i.principal_minor for i in schedule) == 120_000_00


def test_equal_principal_lowers_the_interest_each_month():
    schedule = equal_principal(CAR)

    assert rows(schedule)[:2] == [(10_000_00, 840_00), (10_000_00, 770_00)]
    assert rows(schedule)[-1] == (10_000_00, 70_00)


def test_interest_first_leaves_the_principal_to_the_end():
    schedule = interest_first(CAR)

    assert rows(schedule)[:-1] == [(0, 840_00)] * 11
    assert rows(schedule)[-1] == (120_000_00, 840_00)


def test_a_balloon_is_paid_with_the_last_instalment():
    level = balloon(CAR, 60_000_00)

    assert {i.total_minor for i in level[:-1]} == {565041}
    assert level[-1].total_minor - 60_000_00 == pytest.approx(565041, abs=12)


def test_flat_interest_is_reckoned_on_the_first_principal():
    schedule = flat(CAR)

    assert rows(schedule) == [(10_000_00, 840_00)] * 12


def test_interest_by_days_follows_the_length_of_the_month():
    by_days = replace(CAR, day_count=DayCount.ACT_360)

    interest = [i.interest_minor for i in interest_first(by_days)]

    assert interest[:3] == [868_00, 812_00, 868_00]  # 31, 29 and 31 days of 28.00


@pytest.mark.parametrize("up_to", ["none", "nearest", "up"])
def test_instalments_round_to_a_multiple_and_the_last_takes_the_rest(up_to):
    multiple, rounding = {
        "none": (1, Rounding.HALF_UP),
        "nearest": (1000, Rounding.HALF_UP),
        "up": (1000, Rounding.UP),
    }[up_to]
    terms = replace(CAR, instalment_multiple=multiple, instalment_rounding=rounding)

    schedule = equal_instalment(terms)

    assert {i.total_minor for i in schedule[:-1]} == {
        {"none": 1046082, "nearest": 1046000, "up": 1047000}[up_to]
    }
    assert sum(i.principal_minor for i in schedule) == CAR.principal_minor


def _emi(case):
    given_ = case["inputs"]
    first, *later = [e for e in given_["events"] if e["ev"] == "disburse"]
    thirty_of_360 = given_["repay_unit"] == "MONTHS" and given_["days_in_year"] == "DAYS_360"
    terms = ScheduleTerms(
        minor(first["amount"]),
        micro(given_["annual_rate_pct"]),
        day(given_["periods"][0]["frm"]),
        tuple(day(period["due"]) for period in given_["periods"]),
        day_count=None if thirty_of_360 else YEARS.get(given_["days_in_year"], DayCount.ACT_360),
        instalment_rounding=Rounding.HALF_EVEN,
        interest_rounding=Rounding.HALF_EVEN,
    )
    return terms, [Tranche(day(event["date"]), minor(event["amount"])) for event in later]


@pytest.mark.parametrize("case", EMI_CASES, ids=lambda case: case["id"])
def test_equal_instalments_are_those_of_fineract(case):
    terms, tranches = _emi(case)
    expected = [(minor(row["principal"]), minor(row["interest"])) for row in case["expected"]]
    if case["test"].endswith("payoff_on0115"):
        # Fineract keeps the paid rows in one table; ours is a quote, met for its interest.
        scheduled = equal_instalment(terms)[0]
        ran, period = (date(2024, 1, 15) - terms.began_on).days, 31
        borne = round_fraction(Fraction(scheduled.interest_minor * ran, period))
        assert (scheduled.total_minor, borne) == (sum(expected[0]), expected[0][1])
        return

    assert rows(equal_instalment_in_tranches(terms, tranches)) == expected
    rates = zip(terms.period_rates(), case["expected"], strict=True)
    for rate, row in [] if tranches else rates:
        assert abs(rate - Fraction(row["rate_factor"])) < Fraction(1, 10**12)


def test_the_schedule_of_frappe_rounds_its_instalment_up():
    case = FRAPPE["FRL-01"]
    terms = ScheduleTerms(
        case["inputs"]["principal"] * 100,
        micro(case["inputs"]["annual_rate_pct"]),
        BEGAN_ON,
        every_months(BEGAN_ON, case["inputs"]["n"]),
        instalment_multiple=100,
        instalment_rounding=Rounding.UP,
    )
    schedule, expected = equal_instalment(terms), case["expected"]

    def whole(amount_minor):
        return round_fraction(Fraction(amount_minor, 100))

    assert schedule[0].total_minor == expected["emi"] * 100
    assert whole(sum(i.interest_minor for i in schedule)) == expected["total_interest_rounded0"]
    assert whole(sum(i.total_minor for i in schedule)) == expected["total_payment_rounded0"]
    for seq, row in expected["rows"].items():
        done = schedule[: int(seq)]
        assert whole(done[-1].principal_minor) == row["principal"]
        assert whole(done[-1].interest_minor) == row["interest"]
        left = terms.principal_minor - sum(i.principal_minor for i in done)
        assert whole(left) == row["balance"]


def test_the_first_instalment_of_frappe_is_paid_interest_first():
    case = FRAPPE["FRL-06"]
    terms = ScheduleTerms(
        case["inputs"]["principal"] * 100,
        micro(case["inputs"]["annual_rate_pct"]),
        BEGAN_ON,
        every_months(BEGAN_ON, case["inputs"]["n"]),
        instalment_multiple=100,
        instalment_rounding=Rounding.UP,
    )
    first = equal_instalment(terms)[0]
    items = [
        OpenItem(1, Component.INTEREST, first.interest_minor),
        OpenItem(1, Component.PRINCIPAL, first.principal_minor),
    ]

    interest, principal = allocate(minor(case["inputs"]["payment"]), items)[0]

    assert interest.amount_minor == minor(case["expected"]["paid_interest"])
    assert principal.amount_minor == minor(case["expected"]["paid_principal"])


def test_thirty_days_of_interest_are_those_of_frappe():
    case = FRAPPE["FRL-07"]
    share = year_fraction(date(2019, 1, 1), date(2019, 1, 31), DayCount.ACT_ACT_ISDA)
    rate = Fraction(micro(case["inputs"]["annual_rate_pct"]), 10**6)

    interest = round_fraction(case["inputs"]["principal"] * 100 * rate * share)

    assert interest == minor(case["expected"]["interest"])


def test_a_tranche_raises_the_instalment_from_its_period_on():
    with_tranche = equal_instalment_in_tranches(CAR, [Tranche(date(2024, 2, 29), 12_000_00)])

    assert with_tranche[:2] == equal_instalment(CAR)[:2]
    assert with_tranche[2].total_minor > equal_instalment(CAR)[2].total_minor
    assert sum(i.principal_minor for i in with_tranche) == 132_000_00


terms = st.builds(
    ScheduleTerms,
    principal_minor=st.integers(0, 10**8),
    annual_rate_micro=st.integers(0, 360_000),
    began_on=st.just(BEGAN_ON),
    due_dates=st.integers(1, 60).flatmap(
        lambda n: st.sampled_from([every_months(BEGAN_ON, n), every_days(BEGAN_ON, n, 14)])
    ),
    day_count=st.none() | st.sampled_from(DayCount),
    instalment_multiple=st.sampled_from([1, 10, 100]),
    instalment_rounding=st.sampled_from(Rounding),
    interest_rounding=st.sampled_from(Rounding),
)
METHODS = [equal_instalment, equal_principal, interest_first, flat]


@given(terms, st.sampled_from(METHODS))
def test_every_method_repays_exactly_what_was_lent(terms, method):
    try:
        schedule = method(terms)
    except InstalmentBelowInterest:
        assert terms.principal_minor < 100_000  # only where rounding eats the instalment
        return

    assert [i.seq for i in schedule] == list(range(1, len(terms.due_dates) + 1))
    assert tuple(i.due_on for i in schedule) == terms.due_dates
    assert sum(i.principal_minor for i in schedule) == terms.principal_minor
    assert free(schedule, terms.principal_minor, terms.began_on) == schedule


@given(terms, st.integers(0, 100))
def test_a_balloon_leaves_its_sum_to_the_last(terms, pct):
    kept = terms.principal_minor * pct // 100
    try:
        schedule = balloon(terms, kept)
    except InstalmentBelowInterest:
        return

    assert schedule[-1].principal_minor >= kept
    assert sum(i.principal_minor for i in schedule) == terms.principal_minor


@given(terms)
def test_without_tranches_the_two_ways_to_equal_instalments_agree(terms):
    try:
        schedule = equal_instalment(terms)
    except InstalmentBelowInterest:
        with pytest.raises(InstalmentBelowInterest):
            equal_instalment_in_tranches(terms, [])
        return

    assert equal_instalment_in_tranches(terms, []) == schedule


def test_the_last_instalment_may_exceed_the_rounded_level_by_its_interest():
    one = replace(
        CAR,
        principal_minor=1,
        due_dates=every_months(BEGAN_ON, 1),
        instalment_multiple=10,
        interest_rounding=Rounding.UP,
    )

    assert rows(equal_instalment(one)) == [(1, 1)]
    assert rows(equal_instalment_in_tranches(one, [])) == [(1, 1)]


def test_terms_that_make_no_schedule_are_refused():
    for wrong in (
        {"due_dates": ()},
        {"due_dates": (BEGAN_ON,)},
        {"due_dates": (date(2024, 2, 29), date(2024, 2, 28))},
        {"principal_minor": -1},
        {"annual_rate_micro": -1},
        {"instalment_multiple": 0},
        {"months_per_period": 0},
    ):
        with pytest.raises(ScheduleImpossible):
            replace(CAR, **wrong)
    for kept in (-1, 120_000_01):
        with pytest.raises(ScheduleImpossible):
            balloon(CAR, kept)
    for tranche in (Tranche(date(2024, 12, 31), 1), Tranche(date(2024, 2, 29), 0)):
        with pytest.raises(ScheduleImpossible):
            equal_instalment_in_tranches(CAR, [tranche])


def test_an_instalment_that_rounding_puts_below_its_interest_is_refused():
    tiny = replace(
        CAR,
        principal_minor=100_00,
        annual_rate_micro=2_000_000,
        due_dates=every_months(BEGAN_ON, 60),
        instalment_multiple=100,
        instalment_rounding=Rounding.DOWN,
    )

    for method in (equal_instalment, lambda t: equal_instalment_in_tranches(t, [])):
        with pytest.raises(InstalmentBelowInterest):
            method(tiny)


def test_agreed_rows_are_checked_and_every_reason_is_given():
    good = (
        Instalment(1, BEGAN_ON, 30, 0),
        Instalment(2, date(2024, 2, 29), 70, 5),
    )

    assert free(good, 100, BEGAN_ON) == good
    bad = [Instalment(2, date(2024, 2, 29), -30, 0), Instalment(1, BEGAN_ON, 70, 5)]
    with pytest.raises(InstalmentsInconsistent) as no:
        free(bad, 100, BEGAN_ON)
    assert str(no.value) == (
        "These instalments cannot be a schedule: numbers do not run on; due dates do not ascend; "
        "one is negative; principal adds up to 40, not 100."
    )
    with pytest.raises(InstalmentsInconsistent, match="before the loan begins"):
        free(good, 100, date(2024, 1, 1))
    with pytest.raises(InstalmentsInconsistent, match="there are none"):
        free([], 0, BEGAN_ON)
