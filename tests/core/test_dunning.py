"""A level of reminding is reached on its day, not before."""

from datetime import date

import pytest

from recoup.core.dunning import DelayNegative, DunningLevel, DunningRule, next_level
from tests.core.figures import day, records

RULES = {
    "net_days": DunningRule.NET_DAYS,
    "end_of_month": DunningRule.END_OF_MONTH,
    "previous_date": DunningRule.PREVIOUS_LEVEL,
}
CASES = records("oca_dunning_cases.jsonl")
POLICY = [
    DunningLevel(DunningRule.NET_DAYS, 10),
    DunningLevel(DunningRule.END_OF_MONTH, 30),
    DunningLevel(DunningRule.PREVIOUS_LEVEL, 10),
]


@pytest.mark.parametrize("case", [c for c in CASES if "delay" in c], ids=lambda c: c["case_id"])
def test_the_boundary_day_is_that_of_oca(case):
    level = DunningLevel(RULES[case["rule"]], case["delay"])
    previous = day(case["previous_level_date"]) if "previous_level_date" in case else None

    reached_on = level.reached_on(day(case.get("due", "2024-01-31")), previous)

    assert reached_on is not None
    assert (reached_on <= day(case["run"])) is case["expected_reached"]


def test_a_due_of_a_year_ago_meets_one_level_in_one_run_as_in_oca():
    assert {c["case_id"]: c for c in CASES}["OCA-07"]["expected_lines"] == 1
    assert next_level(POLICY, 0, date(2023, 2, 28), None, date(2024, 2, 28)) == 1


def test_levels_are_taken_one_after_another_until_none_is_left():
    due_on = date(2024, 1, 31)

    assert next_level(POLICY, 0, due_on, None, date(2024, 2, 9)) is None
    assert next_level(POLICY, 1, due_on, date(2024, 2, 10), date(2024, 3, 31)) == 2
    assert next_level(POLICY, 2, due_on, date(2024, 3, 31), date(2024, 4, 9)) is None
    assert next_level(POLICY, 2, due_on, date(2024, 3, 31), date(2024, 4, 10)) == 3
    assert next_level(POLICY, 3, due_on, date(2024, 4, 10), date(2025, 1, 1)) is None


def test_a_level_that_waits_for_the_one_before_is_not_reached_without_it():
    assert POLICY[2].reached_on(date(2024, 1, 31)) is None


def test_a_negative_delay_is_refused():
    with pytest.raises(DelayNegative):
        DunningLevel(DunningRule.NET_DAYS, -1)
