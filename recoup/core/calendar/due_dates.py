"""Due dates: from the day a loan begins to the days its instalments fall due."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused


class IntervalTooShort(Refused):
    """Dues lie at least one day, week or month apart."""

    code = "due_interval_too_short"
    message = "Dues cannot fall every %(every)s %(unit)s."


class CountNegative(Refused):
    """There cannot be fewer than no dues."""

    code = "due_count_negative"
    message = "%(count)s due dates cannot be made."


class MonthRule(StrEnum):
    """Which day of a month a due falls on."""

    SAME_DAY = "SAME_DAY"  # that of the start, clipped to the month; no drift after a short month
    END_OF_MONTH = "END_OF_MONTH"  # as SAME_DAY, but a start on a month's last day stays on it
    LAST_DAY = "LAST_DAY"  # always the last day of the month, that of the start being the first


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def is_month_end(day: date) -> bool:
    """Whether `day` is the last of its month."""
    return day == month_end(day)


def add_months(start: date, months: int) -> date:
    """The same day `months` later (or earlier), clipped to the length of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def every_months(
    start: date, count: int, months: int = 1, rule: MonthRule = MonthRule.SAME_DAY
) -> tuple[date, ...]:
    """`count` due dates, `months` apart, each counted from `start` and not from the one before.

    The first is `months` after `start`; by LAST_DAY it is the end of the month of `start`, if
    that is after `start`. Raises IntervalTooShort, CountNegative.
    """
    _refuse_impossible(count, months, "months")
    steps = range(1, count + 1)
    if rule is MonthRule.LAST_DAY:
        offset = 0 if is_month_end(start) else 1
        anchor = start.replace(day=1)
        return tuple(month_end(add_months(anchor, months * (step - offset))) for step in steps)
    dates = (add_months(start, months * step) for step in steps)
    if rule is MonthRule.END_OF_MONTH and is_month_end(start):
        return tuple(month_end(day) for day in dates)
    return tuple(dates)


def every_days(start: date, count: int, days: int) -> tuple[date, ...]:
    """`count` due dates, `days` apart, the first `days` after `start`.

    Raises IntervalTooShort, CountNegative.
    """
    _refuse_impossible(count, days, "days")
    return tuple(start + timedelta(days=days * step) for step in range(1, count + 1))


def every_weeks(start: date, count: int, weeks: int = 1) -> tuple[date, ...]:
    """`count` due dates, `weeks` apart. Raises IntervalTooShort, CountNegative."""
    _refuse_impossible(count, weeks, "weeks")
    return every_days(start, count, 7 * weeks)


def _refuse_impossible(count: int, every: int, unit: str) -> None:
    if every < 1:
        raise IntervalTooShort(every=every, unit=unit)
    if count < 0:
        raise CountNegative(count=count)
