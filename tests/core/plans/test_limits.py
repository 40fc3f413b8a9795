"""What a plan may not exceed, and that every reason is said at once."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from recoup.core.account import Due, Payment, Relief, ReliefKind, Terms, replay
from recoup.core.money import Money
from recoup.core.plans import (
    AllInCap,
    Deferral,
    Facts,
    Freeze,
    Going,
    InstalmentPlan,
    Limits,
    PenaltyDuring,
    PlanRefused,
    Restructuring,
    Settlement,
    SoFar,
    cap_on,
    make,
    permit,
    reasons_against,
    so_far,
    standing,
)
from recoup.core.plans.limits import (
    CN_ASSISTED,
    CN_LICENSED,
    charged,
    most_charges,
    principal_days,
)
from recoup.core.refusals import Refused
from tests.core.plans import cases

WANG = cases.wang_three_late()
SIGNED_ON = date(2023, 10, 31)
FACTS = Facts(SIGNED_ON, WANG.overdue.total)
ASSISTED = Limits(caps=(CN_LICENSED, CN_ASSISTED))


def codes(plan, limits=ASSISTED, facts=FACTS):
    return [reason.code for reason in reasons_against(plan, facts, limits)]


def test_sixty_months_are_allowed_and_a_day_more_is_not():
    sixty = make(WANG, Restructuring(60, date(2024, 6, 15), 84_000))
    sixty_one = make(WANG, Restructuring(61, date(2024, 6, 15), 84_000))
    a_day_more = make(WANG, Restructuring(60, date(2024, 6, 16), 84_000))

    assert sixty.ends_on == date(2029, 5, 15)
    assert codes(sixty) == []
    assert codes(sixty_one) == ["plan_too_long"]
    assert codes(a_day_more) == ["plan_too_long"]
    assert codes(sixty_one, Limits(most_months=None)) == []


def test_sixty_months_from_a_leap_day_end_on_the_last_of_february():
    stands = cases.li_on_the_leap_day()
    on_the_day = make(stands, Settlement(1000_00, date(2029, 2, 28)))
    after = make(stands, Settlement(1000_00, date(2029, 3, 1)))

    assert codes(on_the_day) == []
    assert codes(after) == ["plan_too_long"]


@pytest.mark.parametrize(
    ("signed_on", "source"),
    [
        (date(2017, 8, 3), None),
        (date(2017, 8, 4), "CN-INT-003"),
        (date(2025, 9, 30), "CN-INT-003"),
        (date(2025, 10, 1), "CN-INT-004"),
    ],
)
def test_the_cap_is_that_of_the_pack_in_force_when_the_contract_was_made(signed_on, source):
    cap = cap_on(signed_on, (CN_LICENSED, CN_ASSISTED))

    assert (cap and cap.source) == source
    assert cap is None or cap.rate_micro == 240_000


def test_a_cap_that_ended_no_longer_counts_and_the_stricter_of_two_does():
    old = AllInCap(120_000, "OLD", date(2020, 1, 1), until_on=date(2023, 1, 1))

    assert cap_on(date(2022, 12, 31), (old, CN_LICENSED)) == old
    assert cap_on(date(2023, 1, 1), (old, CN_LICENSED)) == CN_LICENSED


def one_year(rate_micro: int):
    """100,000 yuan owed, all in one payment after 365 days."""
    dues = [Due(1, date(2024, 1, 31), 100_000_00)]
    stands = standing(replay(Terms("CNY", 0), dues, []), date(2024, 3, 1), date(2023, 12, 31))
    terms = Restructuring(1, date(2025, 3, 1), rate_micro)
    return make(stands, terms)


def test_charges_up_to_the_cap_are_allowed_and_a_cent_more_is_not():
    plan = one_year(240_000)
    cap = CN_LICENSED

    assert plan.paid.charges == most_charges(principal_days(plan), cap) == 24_000_00
    assert codes(plan) == []
    assert codes(one_year(240_001)) == ["plan_too_dear"]
    (no,) = reasons_against(one_year(240_001), FACTS, ASSISTED)
    assert no.params == {
        "charges": Money(24_000_10, "CNY"),
        "most": Money(24_000_00, "CNY"),
        "source": "CN-INT-003",
    }
    assert codes(one_year(240_001), facts=replace(FACTS, contract_on=date(2017, 1, 1))) == []


def test_over_its_whole_life_a_cheap_past_leaves_room_and_a_dear_one_takes_it():
    at_cap = one_year(240_000)
    year_before = 100_000_00 * 365

    dear = SoFar(24_000_01, year_before)
    cheap = SoFar(23_999_99, year_before)
    assert codes(at_cap, facts=replace(FACTS, so_far=dear)) == ["plan_too_dear"]
    assert codes(at_cap, facts=replace(FACTS, so_far=cheap)) == []
    room = replace(FACTS, so_far=replace(cheap, charges_minor=23_999_90))
    assert codes(one_year(240_001), facts=room) == []


def test_what_a_loan_bore_so_far_is_read_from_its_account():
    began_on, as_of = date(2024, 1, 31), date(2024, 5, 10)
    dues = [
        Due(1, date(2024, 2, 29), principal=100_00, interest=10_00),
        Due(2, date(2024, 3, 31), principal=100_00, interest=8_00, principal_paid=40_00),
        Due(3, date(2024, 6, 30), principal=100_00, interest=6_00),
    ]
    account = replay(
        Terms("CNY", 0),
        dues,
        [Payment(date(2024, 3, 10), 7, 60_00)],
        [Relief(date(2024, 4, 20), 3, 8_00 + 5_00, ReliefKind.WAIVER)],
    )
    bore = so_far(account, began_on, as_of, {7: date(2024, 3, 10)}, {3: date(2024, 4, 20)})

    assert bore.charges_minor == 10_00
    assert bore.principal_minor_days == (
        50_00 * 39  # paid on 10 March
        + 5_00 * 80  # waived on 20 April
        + 40_00 * 60  # paid before the account came to us: on its due date
        + (45_00 + 60_00 + 100_00) * 100  # still open
    )


@given(cases.standings, cases.plan_terms)
def test_what_a_plan_charges_is_what_it_adds_and_what_was_still_to_come(stands, terms):
    try:
        plan = make(stands, terms)
    except Refused:
        return
    from_today_on = charged(plan)

    assert from_today_on >= plan.added.total >= 0
    assert from_today_on == plan.paid.charges + plan.waived.charges - stands.payoff.charges


def test_a_first_payment_has_a_least_amount():
    plan = make(WANG, InstalmentPlan(6, date(2024, 5, 31)))

    assert plan.first.total == 1915_20
    assert codes(plan, Limits(least_first_minor=1915_20)) == []
    assert codes(plan, Limits(least_first_minor=1915_21)) == ["plan_first_payment_too_small"]
    assert codes(plan, Limits(least_first_pct=16)) == []
    assert codes(plan, Limits(least_first_pct=17)) == ["plan_first_payment_too_small"]


def test_no_more_is_asked_first_than_the_plan_asks_at_all():
    everything = make(WANG, Settlement(100_00, WANG.as_of))

    assert codes(everything, Limits(least_first_minor=10**9)) == []


def test_plans_of_the_last_twelve_months_are_counted():
    plan = make(WANG, InstalmentPlan(6, date(2024, 5, 31)))
    a_year_ago, since = date(2023, 5, 15), date(2023, 5, 16)
    once = Limits(most_plans_a_year=1)

    assert codes(plan, once, replace(FACTS, agreed_before=(a_year_ago,))) == []
    assert codes(plan, once, replace(FACTS, agreed_before=(since,))) == ["plans_too_many"]
    assert codes(plan, Limits(), replace(FACTS, agreed_before=(since,) * 9)) == []


def test_no_more_may_be_waived_than_the_lender_allows():
    tenth = WANG.payoff.total * 10 // 100
    most = make(WANG, Settlement(WANG.payoff.total - tenth, WANG.as_of))
    more = make(WANG, Settlement(WANG.payoff.total - tenth - 1, WANG.as_of))

    assert codes(most, Limits(most_waived_pct=10)) == []
    assert codes(more, Limits(most_waived_pct=10)) == ["plan_waives_too_much"]


def test_every_reason_is_said_at_once_and_a_plan_within_all_limits_is_itself():
    dear = Restructuring(72, date(2024, 6, 15), 360_000, waives_penalty=True)
    strict = Limits(
        least_first_minor=10_000_00, most_plans_a_year=1, most_waived_pct=0, caps=(CN_LICENSED,)
    )
    facts = replace(FACTS, agreed_before=(date(2024, 1, 1),))
    plan = make(WANG, dear)

    with pytest.raises(PlanRefused) as refused:
        permit(plan, facts, strict)
    assert [reason.code for reason in refused.value.reasons] == [
        "plan_too_long",
        "plan_too_dear",
        "plan_first_payment_too_small",
        "plans_too_many",
        "plan_waives_too_much",
    ]
    assert permit(plan, FACTS, Limits(most_months=None, caps=())) is plan


@pytest.mark.parametrize(
    "terms",
    [
        Deferral(6, Going(84_000)),
        Freeze(6, 0, Going(84_000), PenaltyDuring.GOES_ON),
        InstalmentPlan(24, date(2024, 5, 31), penalty=PenaltyDuring.GOES_ON),
    ],
)
def test_a_plan_at_the_rates_of_the_contract_stays_below_the_cap(terms):
    assert codes(make(WANG, terms)) == []
