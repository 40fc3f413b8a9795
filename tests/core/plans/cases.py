"""Named people whose loans are in trouble, and random ones, for the tests of plans."""

from datetime import date, timedelta

from hypothesis import strategies as st

from recoup.core.account import Account, Due, Payment, Terms, post, replay
from recoup.core.calendar import DayCount, every_months
from recoup.core.plans import (
    Deferral,
    Extension,
    Freeze,
    Going,
    InstalmentPlan,
    PenaltyDuring,
    PlanTerms,
    Restructuring,
    Settlement,
    Standing,
    standing,
)
from recoup.core.schedule import ScheduleTerms, equal_instalment
from tests.core import loans

TERMS = Terms("CNY", penalty_rate_micro=126_000, penalty_day_basis=360, grace_days=3)
LEAP_DAY = date(2024, 2, 29)


def wang_three_late() -> Standing:
    """Wang lent 120,000 yuan at 8.4 % on a month's end and stopped paying after three dues."""
    began_on = date(2023, 10, 31)
    rows = equal_instalment(ScheduleTerms(120_000_00, 84_000, began_on, every_months(began_on, 36)))
    dues = [Due(r.seq, r.due_on, r.principal_minor, r.interest_minor) for r in rows]
    paid = [Payment(row.due_on, row.seq, row.total_minor) for row in rows[:3]]
    return standing(replay(TERMS, dues, paid), date(2024, 5, 15), began_on)


def li_on_the_leap_day() -> Standing:
    """Li owes one instalment due on the leap day, today, and two at the ends of later months."""
    dues = [
        Due(1, LEAP_DAY, principal=1000_00, interest=30_00),
        Due(2, date(2024, 3, 31), principal=1010_00, interest=20_00),
        Due(3, date(2024, 4, 30), principal=1020_00, interest=10_00),
    ]
    return standing(replay(TERMS, dues, []), LEAP_DAY, date(2024, 1, 31))


def zhao_all_overdue() -> Standing:
    """Zhao's last instalment fell due two months before the year's end; nothing is to come."""
    dues = [
        Due(1, date(2023, 9, 30), principal=500_00, interest=5_00),
        Due(2, date(2023, 10, 31), principal=500_01, interest=2_50),
        Due(3, date(2023, 11, 5), cost=300_00),
    ]
    return standing(replay(TERMS, dues, []), date(2023, 12, 31))


AS_OF = loans.BEGAN_ON + timedelta(days=150)
DAYS = st.integers(0, 60).map(lambda days: AS_OF + timedelta(days=days))
PENALTY = st.sampled_from(PenaltyDuring)
GOING = st.builds(Going, st.integers(0, 240_000), st.sampled_from([360, 365]))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """A random account with its payments until the day of the plan."""
    terms, dues = draw(loans.terms), draw(loans.due_lists())
    paid = [p for p in draw(loans.payment_lists()) if p.value_on <= AS_OF]
    return replay(terms, dues, paid)


standings = accounts().map(lambda account: standing(account, AS_OF, loans.BEGAN_ON))
instalment_plans = st.builds(
    InstalmentPlan,
    st.integers(1, 24),
    DAYS,
    st.none() | st.integers(1, 200_000),
    st.sampled_from([1, 100]),
    PENALTY,
)
freezes = st.builds(Freeze, st.integers(1, 12), st.integers(0, 300_000), GOING, PENALTY)
plan_terms: st.SearchStrategy[PlanTerms] = st.one_of(
    instalment_plans,
    freezes,
    st.builds(Extension, st.integers(1, 12), GOING, st.booleans()),
    st.builds(Deferral, st.integers(1, 12), GOING, st.booleans()),
    st.builds(
        Restructuring,
        count=st.integers(1, 60),
        first_on=DAYS,
        annual_rate_micro=st.integers(0, 240_000),
        balloon_minor=st.sampled_from([0, 0, 100_00]),
        multiple=st.just(1),
        day_count=st.sampled_from([None, DayCount.THIRTY_E_360, DayCount.ACT_360]),
        waives_penalty=st.booleans(),
    ),
    st.builds(
        Settlement, st.integers(1, 2_000_000), DAYS, st.integers(1, 6), st.sampled_from([1, 100])
    ),
)


def paid_as_planned(account: Account, rows: list[tuple[date, int]]) -> Account:
    """The account after somebody paid these sums on these days."""
    for number, (on, minor) in enumerate(rows, 1001):
        account = post(account, Payment(on, number, minor))
    return account
