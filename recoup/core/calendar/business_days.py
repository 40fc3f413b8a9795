"""Business days: weekends, holidays and make-up workdays 调休; moving a due off a day of rest."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused

SATURDAY, SUNDAY = 5, 6


class DayBothHolidayAndWorkday(Refused):
    """A day is listed as holiday and as make-up workday."""

    code = "day_both_holiday_and_workday"
    message = "%(day)s is listed both as a holiday and as a workday."


class NoBusinessDay(Refused):
    """There is no business day within a year of the day."""

    code = "no_business_day"
    message = "There is no business day near %(day)s."


class Adjustment(StrEnum):
    """What becomes of a due that falls on a day of rest (ISDA 2006 section 4.12)."""

    NONE = "NONE"
    FOLLOWING = "FOLLOWING"  # the next business day
    PRECEDING = "PRECEDING"  # the business day before
    MODIFIED_FOLLOWING = "MODIFIED_FOLLOWING"  # the next, unless in another month: then before


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Which days are worked, as data: the State Council's yearly list for China.

    A make-up workday is worked though it falls on a weekend. Raises DayBothHolidayAndWorkday.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})  # date.weekday()

    def __post_init__(self) -> None:
        for day in sorted(self.holidays & self.workdays):
            raise DayBothHolidayAndWorkday(day=day)

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is worked."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() not in self.weekend

    def nearest(self, day: date, step: int) -> date:
        """The first business day from `day` on, forwards (`step` 1) or backwards (−1).

        Raises NoBusinessDay if a year brings none.
        """
        for distance in range(366):
            candidate = day + timedelta(days=step * distance)
            if self.is_business_day(candidate):
                return candidate
        raise NoBusinessDay(day=day)


def adjust(day: date, calendar: BusinessCalendar, adjustment: Adjustment) -> date:
    """The day on which a due of `day` falls after adjustment. Raises NoBusinessDay."""
    match adjustment:
        case Adjustment.NONE:
            return day
        case Adjustment.PRECEDING:
            return calendar.nearest(day, -1)
        case Adjustment.FOLLOWING:
            return calendar.nearest(day, 1)
        case Adjustment.MODIFIED_FOLLOWING:
            following = calendar.nearest(day, 1)
            return following if following.month == day.month else calendar.nearest(day, -1)
