"""Days between dates, due dates and days of rest, as QuantLib and Frappe count them."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.calendar import (
    Adjustment,
    BusinessCalendar,
    CountNegative,
    DayCount,
    IntervalTooShort,
    MonthRule,
    add_months,
    adjust,
    days,
    every_days,
    every_months,
    every_weeks,
    is_month_end,
    year_fraction,
)
from recoup.core.calendar.business_days import DayBothHolidayAndWorkday, NoBusinessDay
from tests.core.figures import day, records, table

QUANTLIB_RULES = [rule for rule in DayCount if rule is not DayCount.ACT_364]
DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))
FRAPPE_DATES = [c for c in records("frappe_cases.jsonl") if c["kind"] == "schedule_dates"]
# Spring Festival 2024 in China: eight free days, a Sunday before and one after are worked.
CHINA = BusinessCalendar(
    holidays=frozenset(date(2024, 2, d) for d in range(10, 18)),
    workdays=frozenset({date(2024, 2, 4), date(2024, 2, 18)}),
)


@pytest.mark.parametrize("rule", QUANTLIB_RULES)
@pytest.mark.parametrize("row", table("daycount_quantlib.csv"), ids=lambda row: row["case_id"])
def test_days_and_parts_of_a_year_are_those_of_quantlib(row, rule):
    start, end, column = day(row["start"]), day(row["end"]), rule.replace(" ", "_")

    assert days(start, end, rule) == int(row[f"days_{column}"])
    difference = year_fraction(start, end, rule) - Fraction(row[f"frac_{column}"])
    assert abs(difference) <= Fraction(5, 10**11)


@given(DATES, DATES, st.sampled_from(DayCount))
def test_no_days_are_no_part_of_a_year_and_actual_days_add_up(start, end, rule):
    assert year_fraction(start, start, rule) == 0
    if rule.startswith("ACT"):
        middle = min(start, end) + timedelta(days=abs((end - start).days) // 2)
        parts = year_fraction(start, middle, rule) + year_fraction(middle, end, rule)
        assert parts == year_fraction(start, end, rule)
        assert year_fraction(end, start, rule) == -year_fraction(start, end, rule)


@pytest.mark.parametrize("row", table("due_dates_quantlib.csv"), ids=lambda row: row["case_id"])
def test_due_dates_are_those_of_quantlib(row):
    expected = tuple(map(day, row["due_dates"].split()))
    rule = MonthRule.END_OF_MONTH if row["case_id"].endswith("EOM") else MonthRule.SAME_DAY

    assert every_months(day(row["start"]), len(expected), rule=rule) == expected


@pytest.mark.parametrize("case", FRAPPE_DATES, ids=lambda case: case["case_id"])
def test_due_dates_are_those_of_frappe(case):
    given_, expected = case["inputs"], case["expected"]
    if "first_due" in given_:
        dues = every_months(add_months(day(given_["first_due"]), -1), given_["n"])
    else:
        dues = every_months(day(given_["start"]), given_["n"], rule=MonthRule.LAST_DAY)

    assert [dues[0], dues[1], dues[-1]] == [day(expected[k]) for k in ("first", "second", "last")]


def test_the_last_day_of_each_month_begins_after_the_start():
    assert every_months(date(2024, 1, 31), 2, rule=MonthRule.LAST_DAY) == (
        date(2024, 2, 29),
        date(2024, 3, 31),
    )


def test_quarters_weeks_and_thirty_days():
    assert every_months(date(2023, 11, 30), 2, months=3) == (date(2024, 2, 29), date(2024, 5, 30))
    assert every_weeks(date(2024, 2, 22), 2) == (date(2024, 2, 29), date(2024, 3, 7))
    assert every_days(date(2023, 12, 31), 2, 30) == (date(2024, 1, 30), date(2024, 2, 29))
    assert every_days(date(2024, 1, 1), 0, 7) == ()


def test_an_interval_of_nothing_and_a_negative_count_are_refused():
    for make in (
        lambda: every_months(date(2024, 1, 1), 1, 0),
        lambda: every_days(date(2024, 1, 1), 1, 0),
        lambda: every_weeks(date(2024, 1, 1), 1, -1),
    ):
        with pytest.raises(IntervalTooShort):
            make()
    with pytest.raises(CountNegative):
        every_days(date(2024, 1, 1), -1, 1)


@given(DATES, st.integers(1, 60), st.sampled_from(MonthRule))
def test_monthly_dues_ascend_one_in_each_month(start, count, rule):
    dues = every_months(start, count, rule=rule)

    months = [due.year * 12 + due.month for due in dues]
    assert months == list(range(months[0], months[0] + count))
    assert start < dues[0]
    if rule is MonthRule.LAST_DAY:
        assert all(map(is_month_end, dues))


@pytest.mark.parametrize(
    ("due", "adjustment", "moved"),
    [
        (date(2024, 2, 10), Adjustment.NONE, date(2024, 2, 10)),
        (date(2024, 2, 10), Adjustment.FOLLOWING, date(2024, 2, 18)),  # a worked Sunday
        (date(2024, 2, 10), Adjustment.PRECEDING, date(2024, 2, 9)),
        (date(2024, 2, 4), Adjustment.FOLLOWING, date(2024, 2, 4)),  # a worked Sunday
        (date(2024, 3, 30), Adjustment.FOLLOWING, date(2024, 4, 1)),
        (date(2024, 3, 30), Adjustment.MODIFIED_FOLLOWING, date(2024, 3, 29)),
        (date(2024, 2, 24), Adjustment.MODIFIED_FOLLOWING, date(2024, 2, 26)),
        (date(2023, 12, 31), Adjustment.MODIFIED_FOLLOWING, date(2023, 12, 29)),
    ],
)
def test_a_due_on_a_day_of_rest_moves_by_its_rule(due, adjustment, moved):
    assert adjust(due, CHINA, adjustment) == moved


def test_a_contradictory_or_workless_calendar_is_refused():
    both = frozenset({date(2024, 2, 29)})
    with pytest.raises(DayBothHolidayAndWorkday, match="2024-02-29"):
        BusinessCalendar(holidays=both, workdays=both)
    with pytest.raises(NoBusinessDay):
        adjust(
            date(2024, 1, 1), BusinessCalendar(weekend=frozenset(range(7))), Adjustment.FOLLOWING
        )


@given(DATES, st.sampled_from([Adjustment.FOLLOWING, Adjustment.PRECEDING]))
def test_an_adjusted_day_is_worked_and_none_between_is(due, adjustment):
    moved = adjust(due, CHINA, adjustment)

    assert CHINA.is_business_day(moved)
    between = range(min(due, moved).toordinal() + 1, max(due, moved).toordinal())
    assert not any(CHINA.is_business_day(date.fromordinal(n)) for n in between)
