"""What a household can pay; what is not known is said and never guessed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.plans import (
    FigureKind,
    Gap,
    HouseholdFigure,
    InstalmentPlan,
    Lack,
    LivingFloor,
    Settlement,
    Source,
    affordability,
    make,
)
from tests.core.plans import cases

AS_OF = date(2024, 5, 15)
FLOOR = LivingFloor(2400_00, "CNY", "lender's policy of 2024, one adult")
PAY = HouseholdFigure(FigureKind.INCOME, 9000_00, "CNY", Source.DOCUMENT, date(2024, 4, 30))
LIVING = HouseholdFigure(FigureKind.SPENDING, 2000_00, "CNY", Source.STATED, AS_OF)
NO_DEBT = HouseholdFigure(FigureKind.DEBT, 0, "CNY", Source.BUREAU, AS_OF)
WANG = cases.wang_three_late()


def asked(*figures: HouseholdFigure, floor: LivingFloor | None = FLOOR):
    return affordability(figures, floor, "CNY", AS_OF)


def test_what_is_left_of_income_is_after_the_floor_when_less_is_spent():
    household = asked(PAY, LIVING, NO_DEBT)

    assert household.available == 6600_00
    assert household.lacks == ()
    assert [figure.source for figure in household.used] == ["DOCUMENT", "STATED", "BUREAU"]
    assert household.used[0].age_days(AS_OF) == 15


def test_spending_above_the_floor_counts_and_so_do_other_debts():
    debt = replace(NO_DEBT, minor=1000_00)

    assert asked(PAY, replace(LIVING, minor=3000_00), debt).available == 5000_00
    assert asked(PAY, PAY, LIVING, LIVING, debt, debt).available == 12_000_00


def test_who_cannot_live_on_the_income_can_pay_nothing_and_it_is_said_how_much_is_missing():
    household = asked(replace(PAY, minor=2000_00), LIVING, NO_DEBT)

    assert (household.available, household.shortfall) == (0, 400_00)


@pytest.mark.parametrize(
    ("figures", "floor", "lack"),
    [
        ((LIVING, NO_DEBT), FLOOR, Lack(FigureKind.INCOME, Gap.MISSING)),
        ((PAY, NO_DEBT), FLOOR, Lack(FigureKind.SPENDING, Gap.MISSING)),
        ((PAY, LIVING), FLOOR, Lack(FigureKind.DEBT, Gap.MISSING)),
        ((PAY, LIVING, NO_DEBT), None, Lack(None, Gap.MISSING)),
        (
            (PAY, LIVING, NO_DEBT),
            replace(FLOOR, currency="USD"),
            Lack(None, Gap.CURRENCY_DIFFERS),
        ),
        ((PAY, LIVING, NO_DEBT), replace(FLOOR, minor=-1), Lack(None, Gap.NEGATIVE)),
        (
            (PAY, LIVING, NO_DEBT, replace(NO_DEBT, currency="USD")),
            FLOOR,
            Lack(FigureKind.DEBT, Gap.CURRENCY_DIFFERS),
        ),
        (
            (PAY, LIVING, NO_DEBT, replace(LIVING, known_on=date(2023, 11, 16))),
            FLOOR,
            Lack(FigureKind.SPENDING, Gap.OUTDATED),
        ),
        (
            (PAY, LIVING, NO_DEBT, replace(LIVING, known_on=date(2024, 5, 16))),
            FLOOR,
            Lack(FigureKind.SPENDING, Gap.AHEAD),
        ),
        (
            (PAY, LIVING, NO_DEBT, replace(NO_DEBT, minor=-1)),
            FLOOR,
            Lack(FigureKind.DEBT, Gap.NEGATIVE),
        ),
    ],
)
def test_what_is_missing_is_said_and_no_sum_is_guessed(figures, floor, lack):
    household = asked(*figures, floor=floor)

    assert lack in household.lacks
    assert household.available is None
    assert household.shortfall == 0
    plan = make(WANG, InstalmentPlan(3, AS_OF))
    assert household.affords(plan) is None


def test_a_figure_of_half_a_year_ago_still_counts_and_one_a_day_older_does_not():
    old, older = (
        replace(PAY, known_on=date(2023, 11, 17)),
        replace(PAY, known_on=date(2023, 11, 16)),
    )

    assert asked(old, LIVING, NO_DEBT).available == 6600_00
    assert asked(older, LIVING, NO_DEBT).lacks == (
        Lack(FigureKind.INCOME, Gap.OUTDATED),
        Lack(FigureKind.INCOME, Gap.MISSING),
    )


def test_an_income_left_out_only_lowers_the_sum():
    abroad = replace(PAY, currency="USD")
    household = asked(PAY, abroad, LIVING, NO_DEBT)

    assert household.available == 6600_00
    assert household.lacks == (Lack(FigureKind.INCOME, Gap.CURRENCY_DIFFERS),)


def test_every_month_must_fit_and_a_sum_at_hand_helps_once():
    lump = HouseholdFigure(FigureKind.LUMP, 90_000_00, "CNY", Source.STATED, AS_OF)
    plan = make(WANG, Settlement(96_600_00, AS_OF))
    dearer = make(WANG, Settlement(96_600_01, AS_OF))
    household, richer = asked(PAY, LIVING, NO_DEBT), asked(PAY, LIVING, NO_DEBT, lump)

    assert household.short_of(plan) == 90_000_00
    assert household.affords(plan) is False
    assert richer.affords(plan) is True
    assert richer.affords(dearer) is False


@given(
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
)
def test_more_income_never_lowers_and_more_spending_never_raises_the_sum(pay, living, debt, more):
    def left(pay, living, debt):
        return asked(
            replace(PAY, minor=pay), replace(LIVING, minor=living), replace(NO_DEBT, minor=debt)
        ).available

    before = left(pay, living, debt)
    assert before == max(0, pay - max(living, FLOOR.minor) - debt)
    assert left(pay + more, living, debt) >= before
    assert left(pay, living + more, debt) <= before
    assert left(pay, living, debt + more) <= before
