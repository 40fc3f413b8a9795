"""Every kind tried, the best first, each with its reasons; nothing is made up."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from recoup.core.plans import (
    Alternative,
    Extension,
    Facts,
    FigureKind,
    HouseholdFigure,
    Limits,
    LivingFloor,
    Offers,
    PlanKind,
    Proposal,
    Proposals,
    Reason,
    Source,
    Weights,
    Why,
    affordability,
    compare,
    propose,
)
from recoup.core.plans.proposals import candidates
from tests.core.plans import cases

WANG = cases.wang_three_late()
AS_OF = WANG.as_of
FACTS = Facts(date(2023, 10, 31), WANG.overdue.total)
OFFERS = Offers(rates_micro=(84_000, 60_000), first_on=date(2024, 5, 31))
FLOOR = LivingFloor(2400_00, "CNY", "lender's policy of 2024, one adult")
UNKNOWN = affordability([], FLOOR, "CNY", AS_OF)


def household(income_minor: int, lump_minor: int = 0):
    """Somebody with this income who spends 2,000 yuan and owes nobody else."""
    figures = [
        HouseholdFigure(FigureKind.INCOME, income_minor, "CNY", Source.DOCUMENT, AS_OF),
        HouseholdFigure(FigureKind.SPENDING, 2000_00, "CNY", Source.STATED, AS_OF),
        HouseholdFigure(FigureKind.DEBT, 0, "CNY", Source.BUREAU, AS_OF),
        HouseholdFigure(FigureKind.LUMP, lump_minor, "CNY", Source.STATED, AS_OF),
    ]
    return affordability(figures, FLOOR, "CNY", AS_OF)


def tried(budget=UNKNOWN, offers=OFFERS, **more) -> Proposals:
    limits = more.pop("limits", Limits())
    return propose(WANG, offers, budget, FACTS, limits, discount_rate_micro=84_000, **more)


def whys(proposal: Proposal) -> set[Why]:
    return {reason.why for reason in proposal.reasons}


def test_a_case_gets_hundreds_of_candidates_of_every_kind():
    found = tried(household(9000_00))
    plans = [p.plan for p in (*found.ranked, *found.too_heavy)]

    assert len(list(candidates(WANG, OFFERS))) > 200
    assert {plan.kind for plan in plans} == set(PlanKind)
    assert len({(plan.kind, plan.rows) for plan in plans}) == len(plans)


def test_all_that_are_proposed_may_be_made_and_fit_and_the_rest_says_why_not():
    budget = household(9000_00)
    found = tried(budget)

    assert found.ranked
    for proposal in found.ranked:
        assert all(minor <= 6600_00 for minor in proposal.plan.by_month().values())
        assert whys(proposal) & {Why.FITS, Why.ROOM_THIN}
    for proposal in found.too_heavy:
        assert max(proposal.plan.by_month().values()) > 6600_00
    assert found.declined
    assert all(declined.reasons for declined in found.declined)
    too_short = {d.terms.months for d in found.declined if isinstance(d.terms, Extension)}
    assert too_short == {1, 2}


def test_the_order_is_that_of_the_score_and_the_score_that_of_its_shares():
    weights = Weights(recovery=50, room=30, thrift=20, enough_room=300)
    ranked = tried(household(9000_00), weights=weights).ranked

    scores = [proposal.score for proposal in ranked]
    assert scores == sorted(scores, reverse=True)
    for p in ranked:
        room = min(1000, p.room * 1000 // 300)
        assert p.score == (50 * p.recovery + 20 * p.thrift + 30 * room) // 100
        assert 0 <= p.score <= 1000


def test_who_weighs_recovery_alone_gets_what_recovers_most():
    ranked = tried(household(9000_00), weights=Weights(recovery=1, room=0, thrift=0)).ranked

    assert ranked[0].recovery == max(proposal.recovery for proposal in ranked)
    assert [p.score for p in ranked] == [p.recovery for p in ranked]


def test_without_a_budget_nothing_is_said_of_it():
    found = tried()

    assert found.too_heavy == ()
    for proposal in found.ranked:
        assert proposal.room is None
        assert Why.BUDGET_UNKNOWN in whys(proposal)
        assert not whys(proposal) & {Why.FITS, Why.ROOM_THIN, Why.USES_LUMP}
        assert proposal.score == (proposal.recovery * 50 + proposal.thrift * 20) // 70


def test_who_can_pay_nothing_gets_no_proposal():
    found = tried(household(2400_00))

    assert found.ranked == ()
    assert found.best_of_each_kind() == ()
    assert found.too_heavy


def test_a_sum_at_hand_makes_a_settlement_possible_and_it_is_said():
    without, with_lump = tried(household(9000_00)), tried(household(9000_00, 110_000_00))
    settled = [p for p in with_lump.ranked if p.plan.kind is PlanKind.SETTLEMENT]

    assert not [p for p in without.ranked if p.plan.kind is PlanKind.SETTLEMENT]
    assert settled
    for proposal in settled:
        assert Why.USES_LUMP in whys(proposal)


def test_what_is_worth_less_than_the_alternative_comes_last_and_says_so():
    sale = Alternative("VEHICLE_SOLD", "valuation of 10 May 2024", ((AS_OF, 100_000_00),))
    ranked = tried(alternative=sale).ranked
    below = [proposal.below_alternative for proposal in ranked]

    assert below == sorted(below)
    assert any(below)
    assert not all(below)
    for proposal in ranked:
        gain = proposal.present - 100_000_00
        why = Why.ABOVE_ALTERNATIVE if gain >= 0 else Why.BELOW_ALTERNATIVE
        assert Reason(why, abs(gain)) in proposal.reasons
        assert proposal.below_alternative == (gain < 0)


def test_the_reasons_carry_the_money_of_the_plan():
    for proposal in tried(household(9000_00)).ranked:
        said = {reason.why: reason.number for reason in proposal.reasons}
        plan = proposal.plan
        assert said.get(Why.WAIVES_CHARGES, 0) == plan.waived.charges
        assert said.get(Why.WAIVES_PRINCIPAL, 0) == plan.waived.principal
        assert said.get(Why.ADDS_CHARGES, 0) == plan.added.total
        assert (Why.PAYS_ALL in said) == (plan.waived.total == 0)
        assert (Why.ADDS_NOTHING in said) == (plan.added.total == 0)
        assert said.get(Why.ENDS_LATER, 0) == max(0, (plan.ends_on - date(2026, 10, 31)).days)


def test_the_present_value_is_the_one_both_sides_are_shown():
    for proposal in tried(household(9000_00)).best_of_each_kind():
        assert proposal.present == compare(WANG, proposal.plan, 84_000).plan.present


def test_the_first_of_every_kind_is_its_best():
    ranked = tried().ranked
    best = tried().best_of_each_kind()

    assert [p.plan.kind for p in best] == list(dict.fromkeys(p.plan.kind for p in ranked))
    for proposal in best:
        same = [p.score for p in ranked if p.plan.kind is proposal.plan.kind]
        assert proposal.score == max(same)


def test_a_limit_of_the_lender_keeps_a_plan_out_with_its_reason():
    found = tried(limits=Limits(most_months=24, most_waived_pct=0))

    assert all(proposal.plan.waived.total == 0 for proposal in found.ranked)
    codes = {reason.code for declined in found.declined for reason in declined.reasons}
    assert {"plan_too_long", "plan_waives_too_much"} <= codes


@settings(max_examples=15)
@given(cases.standings)
def test_any_account_that_owes_gets_proposals_in_the_order_of_their_score(stands):
    offers = replace(OFFERS, first_on=stands.as_of, restructurings=(12,), extensions=(1, 6))
    found = propose(
        stands,
        offers,
        affordability([], FLOOR, "CNY", stands.as_of),
        Facts(cases.loans.BEGAN_ON, stands.overdue.total),
        Limits(caps=()),
        discount_rate_micro=84_000,
    )

    assert len(found.ranked) + len(found.declined) <= len(list(candidates(stands, offers)))
    assert all(Why.BUDGET_UNKNOWN in whys(proposal) for proposal in found.ranked)
    assert [p.score for p in found.ranked] == sorted((p.score for p in found.ranked), reverse=True)
    assert bool(found.ranked) == (stands.owed.total > 0)


@pytest.mark.parametrize("stands", [cases.li_on_the_leap_day(), cases.zhao_all_overdue()])
def test_small_debts_are_proposed_for_too(stands):
    found = propose(
        stands,
        replace(OFFERS, first_on=stands.as_of),
        affordability([], FLOOR, "CNY", stands.as_of),
        Facts(date(2023, 1, 31), stands.overdue.total),
        Limits(),
        discount_rate_micro=0,
    )

    assert {p.plan.kind for p in found.ranked} == set(PlanKind)
