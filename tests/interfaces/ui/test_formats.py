"""Amounts, days and counts in the reader's language."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from recoup.core.money import LARGEST_MINOR, Money
from recoup.interfaces.ui import formats

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [
        ("zh-hans", Money(1284637, "CNY"), f"¥{NBSP}12,846.37"),
        ("zh-hans", Money(123456, "USD"), f"US${NBSP}1,234.56"),
        ("en", Money(123456, "USD"), "$1,234.56"),
        ("en", Money(1284637, "CNY"), "CN¥12,846.37"),
        ("en", Money(-50, "USD"), "−$0.50"),
        ("zh-hans", Money(1234, "JPY"), f"JP¥{NBSP}1,234"),
        ("zh-hans", Money(1234, "KWD"), f"KWD{NBSP}1.234"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language, amount, shown):
    with translation.override(language):
        assert formats.money_text(amount) == shown


def test_the_largest_amount_loses_no_cent():
    with translation.override("en"):
        assert formats.money_text(Money(LARGEST_MINOR, "USD")) == "$9,999,999,999,999,999.99"


def test_a_leap_day_in_both_languages():
    with translation.override("zh-hans"):
        assert formats.day_text(date(2024, 2, 29)) == "2024-02-29"
        assert formats.short_day_text(date(2024, 2, 29)) == "02-29"
    with translation.override("en"):
        assert formats.day_text(date(2024, 2, 29)) == "Feb 29, 2024"


def test_a_moment_is_shown_in_the_local_time_zone():
    with translation.override("zh-hans"):
        assert formats.moment_text(datetime(2026, 11, 19, 21, 12, tzinfo=UTC)) == "11-20 05:12"
        assert formats.clock_text(datetime(2026, 11, 19, 21, 12, tzinfo=UTC)) == "05:12"


def test_the_day_of_a_moment_is_the_local_one():
    late_in_utc = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert formats.day_text(late_in_utc) == "2026-11-20"
        assert formats.short_day_text(late_in_utc) == "11-20"


def test_one_day_and_many_days():
    with translation.override("en"):
        assert (formats.days_text(1), formats.days_text(1000)) == ("1 day", "1,000 days")
    with translation.override("zh-hans"):
        assert formats.days_text(38) == "38 天"


def test_nothing_known_is_a_dash_and_nothing_of_nothing_is_no_share():
    assert formats.day_text(None) == formats.moment_text(None) == formats.NOTHING
    assert formats.percent_text(0, 0) == formats.NOTHING
    with translation.override("en"):
        assert formats.percent_text(1, 3) == "33%"
