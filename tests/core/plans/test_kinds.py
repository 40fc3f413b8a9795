"""What each kind of plan asks, to the cent; and that none creates or loses money."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from recoup.core.account import Due, Relief, ReliefKind, Terms, position, replay
from recoup.core.calendar import DayCount, add_months
from recoup.core.plans import (
    Deferral,
    Extension,
    Freeze,
    Going,
    InstalmentPlan,
    Parts,
    PenaltyDuring,
    Plan,
    PlanKind,
    Restructuring,
    Row,
    RowKind,
    Settlement,
    as_signed,
    make,
    standing,
)
from recoup.core.plans.kinds import StillOverdue
from recoup.core.plans.parts import (
    AmountImpossible,
    CountImpossible,
    FirstDayPast,
    NothingOwed,
    PlanUnbalanced,
    total,
)
from recoup.core.refusals import Refused
from recoup.core.schedule import ScheduleTerms, equal_instalment
from recoup.core.waterfall import PRINCIPAL_FIRST, Component
from tests.core.plans import cases

WANG, LI, ZHAO = cases.wang_three_late(), cases.li_on_the_leap_day(), cases.zhao_all_overdue()
GOING = Going(84_000, 360)


def own(plan: Plan) -> list[Row]:
    return [row for row in plan.rows if row.kind is RowKind.PLAN]


def days(plan: Plan) -> list[str]:
    return [str(row.due_on) for row in own(plan)]


@given(cases.standings, cases.plan_terms)
def test_nothing_is_created_or_lost_by_any_plan(stands, terms):
    try:
        plan = make(stands, terms)
    except Refused:
        return

    paid = total(row.parts for row in plan.rows)
    assert paid + plan.waived + plan.lapsed == stands.owed + plan.added
    assert sum(row.total for row in plan.rows) == paid.total
    assert all(row.total > 0 and row.parts.is_sound for row in plan.rows)
    assert [r.due_on for r in plan.rows] == sorted(r.due_on for r in plan.rows)
    assert plan.rows[0].due_on >= stands.as_of
    assert paid.principal + plan.waived.principal == stands.owed.principal
    assert plan.added.principal == plan.added.cost == 0


@given(cases.standings, cases.plan_terms)
def test_only_a_settlement_lets_go_of_more_than_penalty(stands, terms):
    try:
        plan = make(stands, terms)
    except Refused:
        return

    waives = getattr(terms, "waives_penalty", False)
    waives |= getattr(terms, "penalty", None) is PenaltyDuring.WAIVED
    if not isinstance(terms, Settlement):
        assert plan.waived.total == plan.waived.penalty
        assert waives or plan.waived.total == 0
    else:
        assert plan.paid.total == terms.pays_minor
    if waives:
        assert plan.paid.penalty == 0


@given(cases.accounts(), cases.instalment_plans)
def test_who_pays_as_planned_while_penalty_goes_on_owes_nothing_and_paid_no_more(account, terms):
    stands = standing(account, cases.AS_OF, cases.loans.BEGAN_ON)
    try:
        plan = make(stands, replace(terms, penalty=PenaltyDuring.GOES_ON))
    except Refused:
        return
    arrears = replace(account, states=stands.arrears)
    paid = cases.paid_as_planned(arrears, [(row.due_on, row.total) for row in own(plan)])

    assert all(state.settled_on for state in paid.states)
    assert paid.unallocated == account.unallocated


@given(cases.standings, cases.instalment_plans)
def test_penalty_waived_costs_less_than_stopped_and_stopped_no_more_than_going_on(stands, terms):
    try:
        paid = {
            penalty: make(stands, replace(terms, penalty=penalty, first_minor=None)).paid
            for penalty in PenaltyDuring
        }
    except Refused:
        return

    waived, stopped = paid[PenaltyDuring.WAIVED], paid[PenaltyDuring.STOPS]
    assert waived.penalty == 0
    assert stopped.total - waived.total == stopped.penalty == stands.overdue.penalty
    assert stopped.penalty <= paid[PenaltyDuring.GOES_ON].penalty


@given(cases.standings, cases.freezes)
def test_a_freeze_asks_no_more_a_month_than_agreed_and_its_penalty_is_as_stated(stands, terms):
    try:
        plan = make(stands, terms)
    except Refused:
        return
    ends_on = add_months(stands.as_of, terms.months)
    meanwhile = [row.total for row in own(plan) if row.due_on <= ends_on]

    assert all(minor <= terms.pays_minor for minor in meanwhile)
    if terms.penalty is PenaltyDuring.STOPS:
        assert plan.paid.penalty == stands.overdue.penalty
    if terms.going.rate_micro == 0:
        assert plan.added.interest == 0


def test_arrears_in_parts_stand_beside_the_running_instalments():
    plan = make(WANG, InstalmentPlan(3, date(2024, 5, 31)))

    assert days(plan) == ["2024-05-31", "2024-06-30", "2024-07-31"]
    assert [row.total for row in own(plan)] == [3830_41, 3830_41, 3830_42]
    assert sum(row.total for row in own(plan)) == WANG.overdue.total == 11_491_24
    assert own(plan)[0].parts == Parts(penalty=143_59, interest=2270_07, principal=1416_75)
    running = [row for row in plan.rows if row.kind is RowKind.RUNNING]
    assert [r.due_on for r in running] == [s.due_on for s in WANG.running]
    assert plan.added == plan.waived == plan.lapsed == Parts()


def test_the_last_part_takes_the_rest_of_whole_yuan_and_the_first_may_be_larger():
    terms = InstalmentPlan(4, date(2024, 5, 20), first_minor=5000_00, multiple=100)

    assert [row.total for row in own(make(WANG, terms))] == [
        5000_00,
        2163_00,
        2163_00,
        2165_24,
    ]


def test_penalty_stops_goes_on_or_is_waived():
    plans = {
        penalty: make(WANG, InstalmentPlan(2, date(2024, 5, 25), penalty=penalty))
        for penalty in PenaltyDuring
    }

    assert plans[PenaltyDuring.STOPS].paid.penalty == 143_59
    assert plans[PenaltyDuring.WAIVED].waived == Parts(penalty=143_59)
    assert plans[PenaltyDuring.GOES_ON].added == Parts(
        penalty=plans[PenaltyDuring.GOES_ON].paid.penalty - 143_59
    )
    assert plans[PenaltyDuring.GOES_ON].added.penalty > 0


def test_an_extension_moves_every_due_by_months_and_keeps_the_day_of_the_loan():
    plan = make(LI, Extension(1, GOING))

    assert days(plan) == ["2024-03-31", "2024-04-30", "2024-05-31"]
    # 1,000.00 x 31 days, 1,010.00 x 30 and 1,020.00 x 31 days at 8.4 % / 360
    assert [row.parts.interest for row in plan.rows] == [30_00 + 7_23, 20_00 + 7_07, 10_00 + 7_38]
    assert plan.added == Parts(interest=7_23 + 7_07 + 7_38)


def test_an_extension_over_the_years_end_reaches_the_end_of_a_short_month():
    dues = [Due(1, date(2023, 11, 30), 1000_00), Due(2, date(2023, 12, 31), 1000_00)]
    stands = standing(replay(cases.TERMS, dues, []), date(2023, 11, 30))

    assert days(make(stands, Extension(2))) == ["2024-01-31", "2024-02-29"]
    assert make(stands, Extension(2)).added == Parts()


def test_an_extension_that_leaves_somebody_overdue_is_refused():
    with pytest.raises(StillOverdue):
        make(WANG, Extension(1))
    assert make(WANG, Extension(3)).rows[0].due_on == date(2024, 5, 31)


def test_a_deferral_puts_what_is_due_now_behind_the_last_instalment():
    plan = make(LI, Deferral(1, GOING))

    assert [(str(row.due_on), row.kind.value) for row in plan.rows] == [
        ("2024-03-31", "RUNNING"),
        ("2024-04-30", "RUNNING"),
        ("2024-05-31", "PLAN"),
    ]
    # 1,000.00 from the leap day to 31 May: 92 days at 8.4 % / 360 = 21.4667
    assert plan.added == Parts(interest=21_47)
    assert make(LI, Deferral(1)).added == Parts()


def test_a_due_on_the_last_day_of_the_months_is_put_off_and_one_the_next_day_is_not():
    dues = [Due(n, date(2024, 3, 27 + n), 1000_00) for n in (1, 2, 3)]
    stands = standing(replay(cases.TERMS, dues, []), date(2024, 2, 29), date(2024, 2, 28))

    plan = make(stands, Deferral(1))
    assert [str(r.due_on) for r in plan.rows if r.kind is RowKind.RUNNING] == ["2024-03-30"]
    assert days(plan) == ["2024-04-30", "2024-05-30"]


def test_where_nothing_is_to_come_what_is_put_off_follows_the_months_of_the_deferral():
    plan = make(ZHAO, Deferral(2, waives_penalty=True))

    assert [(str(row.due_on), row.total) for row in plan.rows] == [
        ("2024-03-31", 505_00),
        ("2024-04-30", 502_51),
        ("2024-05-31", 300_00),
    ]
    assert plan.waived == Parts(penalty=ZHAO.overdue.penalty)
    assert ZHAO.overdue.penalty > 0


def test_a_freeze_asks_little_and_then_goes_on_as_signed():
    plan = make(LI, Freeze(2, pays_minor=200_00, going=GOING))

    assert [(str(row.due_on), row.kind.value, row.parts.charges) for row in plan.rows] == [
        ("2024-03-29", "PLAN", 30_00),
        ("2024-04-29", "PLAN", 0),
        ("2024-04-30", "RUNNING", 10_00),
        # 630.00 waited 92 days; 170.00 and 200.00, paid in the freeze, 29 and 60 days
        ("2024-05-31", "PLAN", 13_52 + 1_15 + 2_80),
        ("2024-06-30", "PLAN", 20_00 + 21_45),  # 1,010.00 waited 91 days from 31 March
    ]
    assert [row.total for row in plan.rows][:2] == [200_00, 200_00]


def test_what_is_due_today_is_settled_in_the_accounts_order_and_what_is_paid_ahead_by_law():
    terms = replace(cases.TERMS, order=PRINCIPAL_FIRST)
    account = replay(terms, [Due(1, date(2024, 3, 31), 1000_00, 20_00)], [])
    today = standing(account, date(2024, 3, 31), date(2024, 2, 29))
    before = standing(account, date(2024, 3, 15), date(2024, 2, 29))

    assert make(today, InstalmentPlan(2, today.as_of)).rows[0].parts == Parts(principal=510_00)
    ahead = make(before, Freeze(1, pays_minor=100_00)).rows[0]
    assert (str(ahead.due_on), ahead.parts) == (
        "2024-04-15",
        Parts(interest=20_00, principal=80_00),
    )


def test_penalty_in_a_freeze_rests_when_it_ends_and_interest_is_not_borne_beside_it():
    freeze = Freeze(2, going=GOING, penalty=PenaltyDuring.GOES_ON)
    plan = make(WANG, freeze)
    overdue_at_end = position(
        replay(
            WANG.terms,
            [Due(s.seq, s.due_on, s.principal, s.interest) for s in WANG.arrears],
            [],
        ),
        date(2024, 7, 15),
    )

    assert plan.paid.penalty == overdue_at_end.overdue_penalty
    rested = make(WANG, replace(freeze, penalty=PenaltyDuring.STOPS))
    assert plan.added.interest < rested.added.interest


def test_a_restructuring_is_a_new_loan_of_all_principal_with_the_open_charges_carried():
    terms = Restructuring(48, date(2024, 6, 15), 60_000, balloon_minor=20_000_00, day_count=None)
    plan = make(WANG, terms)
    carried = WANG.payoff.charges

    assert len(plan.rows) == 48
    assert plan.paid.principal == WANG.owed.principal
    assert plan.rows[-1].parts.principal > 20_000_00
    assert plan.paid.penalty == 143_59
    assert plan.added == Parts(interest=plan.paid.interest - WANG.payoff.interest)
    assert plan.lapsed == Parts(interest=WANG.owed.interest - WANG.payoff.interest)
    assert carried == WANG.payoff.total - WANG.payoff.principal
    assert plan.ends_on == date(2028, 5, 15)


def test_a_restructuring_without_charges_is_the_schedule_of_a_new_loan():
    stands = standing(
        replay(cases.TERMS, [Due(1, date(2024, 12, 31), 50_000_00)], []), date(2024, 1, 31),
        date(2024, 1, 31),
    )  # fmt: skip
    plan = make(stands, Restructuring(12, date(2024, 2, 29), 84_000, day_count=None))
    days_ = tuple(row.due_on for row in plan.rows)
    new = equal_instalment(ScheduleTerms(50_000_00, 84_000, date(2024, 1, 31), days_))

    assert str(days_[1]) == "2024-03-31"
    assert [(r.parts.principal, r.parts.interest) for r in plan.rows] == [
        (i.principal_minor, i.interest_minor) for i in new
    ]


def test_a_settlement_waives_penalty_then_interest_then_cost_then_principal():
    owed = ZHAO.payoff
    assert (owed.cost, owed.interest, owed.principal) == (300_00, 7_50, 1000_01)
    whole = make(ZHAO, Settlement(owed.total, ZHAO.as_of))
    without_charges = make(ZHAO, Settlement(1300_01, ZHAO.as_of, 3))
    less = make(ZHAO, Settlement(900_00, date(2024, 1, 31)))

    assert whole.waived == Parts()
    assert without_charges.waived == Parts(penalty=owed.penalty, interest=7_50)
    assert [row.total for row in without_charges.rows] == [433_33, 433_33, 433_35]
    assert days(without_charges) == ["2023-12-31", "2024-01-31", "2024-02-29"]
    assert without_charges.rows[0].parts == Parts(cost=300_00, principal=133_33)
    assert less.waived == Parts(300_00, owed.penalty, 7_50, 100_01)


def test_what_the_order_of_waiving_does_not_name_is_never_waived():
    only_charges = (Component.PENALTY, Component.INTEREST)

    with pytest.raises(AmountImpossible):
        make(ZHAO, Settlement(1000_00, ZHAO.as_of, order=only_charges))
    plan = make(ZHAO, Settlement(1300_01, ZHAO.as_of, order=only_charges))
    assert plan.waived.total == plan.waived.penalty + plan.waived.interest


def test_a_settlement_before_the_last_instalment_lets_the_interest_to_come_lapse():
    plan = make(WANG, Settlement(WANG.payoff.total, WANG.as_of))

    assert plan.waived == Parts()
    assert plan.lapsed == Parts(interest=WANG.lapsing)
    assert plan.paid == WANG.payoff


@pytest.mark.parametrize(
    ("stands", "terms", "no"),
    [
        (WANG, InstalmentPlan(0, WANG.as_of), CountImpossible),
        (WANG, InstalmentPlan(3, date(2024, 5, 14)), FirstDayPast),
        (WANG, InstalmentPlan(3, WANG.as_of, first_minor=0), AmountImpossible),
        (WANG, InstalmentPlan(3, WANG.as_of, first_minor=11_491_25), AmountImpossible),
        (WANG, InstalmentPlan(3, WANG.as_of, first_minor=11_491_24), CountImpossible),
        (WANG, InstalmentPlan(1, WANG.as_of, first_minor=100), CountImpossible),
        (ZHAO, InstalmentPlan(20, ZHAO.as_of, multiple=100_00), CountImpossible),
        (WANG, InstalmentPlan(2, WANG.as_of, multiple=0), CountImpossible),
        (WANG, Extension(0), CountImpossible),
        (WANG, Deferral(-1), CountImpossible),
        (WANG, Freeze(0), CountImpossible),
        (WANG, Freeze(1, pays_minor=-1), AmountImpossible),
        (WANG, Restructuring(0, date(2024, 6, 15), 0), CountImpossible),
        (WANG, Restructuring(12, WANG.as_of, 0), FirstDayPast),
        (WANG, Restructuring(12, date(2024, 6, 15), 0, balloon_minor=-1), AmountImpossible),
        (WANG, Restructuring(12, date(2024, 6, 15), 0, 120_000_00), AmountImpossible),
        (WANG, Settlement(0, WANG.as_of), AmountImpossible),
        (WANG, Settlement(WANG.payoff.total + 1, WANG.as_of), AmountImpossible),
        (WANG, Settlement(100, WANG.as_of, 0), CountImpossible),
        (WANG, Settlement(2, WANG.as_of, 3), CountImpossible),
        (WANG, Settlement(100, date(2024, 5, 14)), FirstDayPast),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_name(stands, terms, no):
    with pytest.raises(no):
        make(stands, terms)


@pytest.mark.parametrize(
    "terms",
    [
        InstalmentPlan(2, date(2024, 6, 1)),
        Extension(1),
        Deferral(1),
        Freeze(1),
        Restructuring(12, date(2024, 7, 1), 84_000),
        Settlement(1, date(2024, 6, 1)),
    ],
)
def test_where_nothing_is_open_there_is_no_plan(terms):
    dues = [Due(1, date(2024, 1, 31), 100, principal_paid=100)]
    settled = standing(replay(Terms("CNY", 126_000), dues, []), date(2024, 5, 1))

    with pytest.raises(NothingOwed):
        make(settled, terms)
    assert as_signed(settled) == ()


def test_to_waive_a_penalty_alone_is_no_plan():
    dues = [Due(1, date(2024, 1, 31), 1000_00), Due(2, date(2024, 12, 31), 1000_00)]
    paid = Relief(date(2024, 4, 30), 1, 1000_00, ReliefKind.WAIVER, Component.PRINCIPAL, 1)
    stands = standing(replay(cases.TERMS, dues, [], [paid]), date(2024, 5, 31))

    assert stands.overdue == Parts(penalty=31_50)
    for terms in (
        Deferral(1, waives_penalty=True),
        Freeze(1, penalty=PenaltyDuring.WAIVED),
        InstalmentPlan(1, date(2024, 5, 31), penalty=PenaltyDuring.WAIVED),
    ):
        with pytest.raises(Refused):
            make(stands, terms)


def test_a_cost_of_long_ago_keeps_nobody_from_an_extension():
    dues = [Due(1, date(2023, 12, 31), cost=300_00), Due(2, date(2024, 2, 29), 1000_00)]
    stands = standing(replay(cases.TERMS, dues, []), date(2024, 2, 29))

    assert [(str(row.due_on), row.total) for row in make(stands, Extension(1)).rows] == [
        ("2024-02-29", 300_00),
        ("2024-03-31", 1000_00),
    ]


def test_somebody_who_is_not_late_has_no_arrears_to_pay_in_parts():
    early = standing(
        replay(cases.TERMS, [Due(1, date(2024, 3, 31), 100_00)], []),
        date(2024, 3, 1),
        date(2024, 2, 29),
    )

    with pytest.raises(NothingOwed):
        make(early, InstalmentPlan(2, date(2024, 4, 1)))
    assert make(early, Extension(1)).rows[0].due_on == date(2024, 4, 30)


def test_going_on_as_signed_pays_the_arrears_today():
    rows = as_signed(LI)

    assert [(str(row.due_on), row.total) for row in rows] == [
        ("2024-02-29", 1030_00),
        ("2024-03-31", 1030_00),
        ("2024-04-30", 1030_00),
    ]


def test_a_plan_that_loses_a_cent_cannot_be_made():
    with pytest.raises(PlanUnbalanced):
        Plan(
            kind=PlanKind.SETTLEMENT,
            agreed_on=LI.as_of,
            currency="CNY",
            rows=(Row(LI.as_of, Parts(principal=99)),),
            owed=Parts(principal=100),
            added=Parts(),
            waived=Parts(),
            lapsed=Parts(),
            settles_today=100,
        )


def test_a_stub_before_the_first_day_bears_interest_for_its_days_only():
    stub = make(WANG, Restructuring(1, date(2024, 5, 25), 84_000))
    by_days = make(WANG, Restructuring(1, date(2024, 5, 25), 84_000, day_count=DayCount.ACT_365F))

    # 111,110.41 for 10 days at 8.4 %: / 360 = 259.2576, / 365 = 255.7062
    assert stub.added == Parts(interest=259_26)
    assert by_days.added == Parts(interest=255_71)
