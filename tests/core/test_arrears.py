"""Days past due, bucket and class follow from a due date and a day."""

from datetime import date

import pytest

from recoup.core.arrears import (
    DelinquencyRange,
    DelinquencyRanges,
    Pause,
    PauseCounting,
    RangesBroken,
    Tier,
    bucket,
    bucket_code,
    delinquent_days,
    dpd_net,
    dpd_raw,
    tier,
)
from tests.core.figures import day, records

FRAPPE = {case["kind"]: case for case in records("frappe_cases.jsonl")}
SMA = DelinquencyRanges(
    (
        DelinquencyRange("SMA-0", 0, 30),
        DelinquencyRange("SMA-1", 31, 60),
        DelinquencyRange("SMA-2", 61, 90),
        DelinquencyRange("D1", 91, 365),
        DelinquencyRange("D2", 366, 1098),
        DelinquencyRange("D3", 1099, None),
    )
)


def test_a_due_is_not_late_on_its_due_date_and_one_day_late_on_the_next():
    assert dpd_raw(date(2024, 1, 31), date(2024, 1, 31)) == 0
    assert dpd_raw(date(2024, 1, 31), date(2024, 2, 1)) == 1
    assert dpd_raw(date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert dpd_raw(date(2023, 12, 31), date(2024, 1, 1)) == 1
    assert dpd_raw(date(2024, 2, 1), date(2024, 1, 31)) == 0
    assert dpd_raw(None, date(2024, 1, 31)) == 0


def test_grace_takes_days_off_but_never_below_none():
    assert [dpd_net(raw, 3) for raw in (0, 3, 4, 33)] == [0, 0, 1, 30]


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (0, "M0"),
        (1, "M1"),
        (30, "M1"),
        (31, "M2"),
        (60, "M2"),
        (61, "M3"),
        (90, "M3"),
        (91, "M4"),
        (150, "M5"),
        (151, "M6"),
        (180, "M6"),
        (181, "M6+"),
        (4000, "M6+"),
    ],
)
def test_buckets_are_thirty_days_each(days, code):
    assert bucket_code(bucket(days)) == code


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, Tier.PASS),
        (1, Tier.SPECIAL_MENTION),
        (90, Tier.SPECIAL_MENTION),
        (91, Tier.SUBSTANDARD),
        (270, Tier.SUBSTANDARD),
        (271, Tier.DOUBTFUL),
        (360, Tier.DOUBTFUL),
        (361, Tier.LOSS),
    ],
)
def test_a_class_begins_when_its_days_are_exceeded(days, expected):
    assert tier(days) is expected


def test_in_grace_nothing_is_late_and_after_it_all_days_count():
    assert (bucket(31, grace_days=31), tier(31, grace_days=31)) == (0, Tier.PASS)
    assert (bucket(32, grace_days=31), tier(32, grace_days=31)) == (2, Tier.SPECIAL_MENTION)


def test_frappe_counts_the_same_days_and_calls_them_by_its_own_names():
    case = FRAPPE["dpd"]
    days = dpd_raw(day(case["inputs"]["first_due"]), day(case["inputs"]["as_of"]))

    assert days == case["expected"]["dpd"]
    assert SMA.code_of(days) == case["expected"]["classification"]
    assert [SMA.code_of(n) for n in (30, 31, 90, 91, 366, 5000)] == [
        "SMA-0",
        "SMA-1",
        "SMA-2",
        "D1",
        "D2",
        "D3",
    ]


def test_days_below_the_first_range_have_no_name():
    assert DelinquencyRanges((DelinquencyRange("LATE", 1, 30),)).code_of(0) is None
    assert DelinquencyRanges((DelinquencyRange("LATE", 1, 30),)).code_of(31) is None


def test_ranges_with_a_gap_or_after_an_open_end_are_refused():
    for second in (DelinquencyRange("B", 32, None), DelinquencyRange("B", 30, None)):
        with pytest.raises(RangesBroken):
            DelinquencyRanges((DelinquencyRange("A", 1, 30), second))
    with pytest.raises(RangesBroken):
        DelinquencyRanges((DelinquencyRange("A", 1, None), DelinquencyRange("B", 30, None)))


def test_paused_days_do_not_count():
    due_on, as_of = date(2024, 2, 10), date(2024, 3, 1)
    pause = [Pause(date(2024, 2, 20), date(2024, 2, 25))]

    assert delinquent_days(due_on, as_of, 3) == 17
    assert delinquent_days(due_on, as_of, 3, pause) == 12
    assert delinquent_days(due_on, date(2024, 2, 22), 3, pause) == 7
    assert delinquent_days(None, as_of, 3) == 0


def test_a_pause_before_the_due_date_counts_only_where_the_lender_says_so():
    due_on, as_of = date(2024, 2, 10), date(2024, 3, 1)
    early = [Pause(date(2024, 2, 1), date(2024, 2, 14))]

    assert delinquent_days(due_on, as_of, 3, early) == 13
    assert delinquent_days(due_on, as_of, 3, early, PauseCounting.WHOLE_PAUSE) == 4
