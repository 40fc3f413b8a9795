"""Day counts: days between two dates and the part of a year they are, by named rule.

The names follow ISDA 2006 definitions section 4.16 and QuantLib; the figures meet QuantLib's.
"""

from calendar import isleap
from datetime import date
from enum import StrEnum
from fractions import Fraction

from recoup.core.calendar.due_dates import is_month_end


class DayCount(StrEnum):
    """How days become a part of a year."""

    ACT_365F = "ACT/365F"  # actual days ÷ 365
    ACT_360 = "ACT/360"  # actual days ÷ 360: usual for bank loans in China
    ACT_364 = "ACT/364"  # actual days ÷ 364: a year of 52 weeks
    THIRTY_360_US = "30/360 US"  # months of 30 days, end of February counts as the 30th
    THIRTY_360_BOND = "30/360 BondBasis"  # ISDA 4.16(f)
    THIRTY_E_360 = "30E/360"  # ISDA 4.16(g), Eurobond
    ACT_ACT_ISDA = "ACT/ACT ISDA"  # ISDA 4.16(b): days of leap years ÷ 366, others ÷ 365


_YEAR_DAYS = {
    DayCount.ACT_365F: 365,
    DayCount.ACT_360: 360,
    DayCount.ACT_364: 364,
    DayCount.THIRTY_360_US: 360,
    DayCount.THIRTY_360_BOND: 360,
    DayCount.THIRTY_E_360: 360,
}


def days(start: date, end: date, rule: DayCount) -> int:
    """Days from `start` to `end` as the rule counts them."""
    match rule:
        case DayCount.THIRTY_360_US:
            return _thirty_us(start, end)
        case DayCount.THIRTY_360_BOND:
            first = min(start.day, 30)
            last = 30 if end.day == 31 and first == 30 else end.day
            return _thirty(start, end, first, last)
        case DayCount.THIRTY_E_360:
            return _thirty(start, end, min(start.day, 30), min(end.day, 30))
        case _:
            return (end - start).days


def year_fraction(start: date, end: date, rule: DayCount) -> Fraction:
    """The exact part of a year from `start` to `end` (negative if `end` is earlier)."""
    if rule is not DayCount.ACT_ACT_ISDA:
        return Fraction(days(start, end, rule), _YEAR_DAYS[rule])
    if end < start:
        return -year_fraction(end, start, rule)
    return sum(
        (_part_of_year(start, end, year) for year in range(start.year, end.year + 1)), Fraction(0)
    )


def _part_of_year(start: date, end: date, year: int) -> Fraction:
    since = max(start, date(year, 1, 1)).toordinal()
    until = min(end.toordinal(), date(year, 12, 31).toordinal() + 1)
    return Fraction(until - since, 366 if isleap(year) else 365)


def _thirty_us(start: date, end: date) -> int:
    first, last = start.day, end.day
    if _is_february_end(start):
        last = 30 if _is_february_end(end) else last
        first = 30
    if last == 31 and first >= 30:
        last = 30
    return _thirty(start, end, min(first, 30), last)


def _thirty(start: date, end: date, first: int, last: int) -> int:
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _is_february_end(day: date) -> bool:
    return day.month == 2 and is_month_end(day)
