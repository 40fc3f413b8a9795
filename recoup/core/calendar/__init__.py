"""The calendar: how many days lie between two dates, when dues fall, and which days are worked."""

from recoup.core.calendar.business_days import Adjustment, BusinessCalendar, adjust
from recoup.core.calendar.day_counts import DayCount, days, year_fraction
from recoup.core.calendar.due_dates import (
    CountNegative,
    IntervalTooShort,
    MonthRule,
    add_months,
    every_days,
    every_months,
    every_weeks,
    is_month_end,
    month_end,
)

__all__ = [
    "Adjustment",
    "BusinessCalendar",
    "CountNegative",
    "DayCount",
    "IntervalTooShort",
    "MonthRule",
    "add_months",
    "adjust",
    "days",
    "every_days",
    "every_months",
    "every_weeks",
    "is_month_end",
    "month_end",
    "year_fraction",
]
