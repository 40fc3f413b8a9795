"""Dates as files write them: ISO first, and whatever form a mapping names. Pure."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from recoup.core.calendar.due_dates import add_months
from recoup.modules.intake.reasons import DateImpossible, DateOutOfRange, DateUnreadable

LEAST_YEAR, MOST_YEAR = 1900, 2200
# 2024-02-29, 2024/2/29, 20240229, 2024年2月29日; a time of day may follow and is dropped.
STANDARD_FORM = "YYYY-MM-DD"
_STANDARD = re.compile(
    r"(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"
    r"|/(?P<m2>[0-9]{1,2})/(?P<d2>[0-9]{1,2})"
    r"|(?P<m3>[0-9]{2})(?P<d3>[0-9]{2})"
    r"|年(?P<m4>[0-9]{1,2})月(?P<d4>[0-9]{1,2})日)"
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?)?",
    re.ASCII,
)
_TOKENS = {
    "YYYY": r"(?P<y>[0-9]{4})",
    "MM": r"(?P<m>[0-9]{2})",
    "DD": r"(?P<d>[0-9]{2})",
    "M": r"(?P<m>[0-9]{1,2})",
    "D": r"(?P<d>[0-9]{1,2})",
}
_TOKEN = re.compile("YYYY|MM|DD|M|D")

DateReader = Callable[[str], date]


@lru_cache(maxsize=65_536)
def standard_date(text: str) -> date:
    """A day in one of the standard forms. Raises DateUnreadable, DateImpossible, DateOutOfRange."""
    found = _STANDARD.fullmatch(text)
    if found is None:
        raise DateUnreadable(text=text, form=STANDARD_FORM)
    parts = found.groupdict()
    month = parts["m"] or parts["m2"] or parts["m3"] or parts["m4"]
    day = parts["d"] or parts["d2"] or parts["d3"] or parts["d4"]
    return _day(text, int(parts["y"]), int(month), int(day))


def reader(form: str, *, plus_months: int = 0) -> DateReader:
    """Reads days in a form such as `MM/DD/YYYY` or one of several, `MM-DD-YYYY|YYYY-MM-DD`.

    The day is moved by so many months. Raises ValueError if a form does not name year, month
    and day once each.
    """
    patterns = _patterns(form, {"y", "m", "d"})

    @lru_cache(maxsize=65_536)
    def read(text: str) -> date:
        found = _match(patterns, text, form)
        day = _day(text, int(found["y"]), int(found["m"]), int(found["d"]))
        return _moved(day, plus_months, text)

    return read


def month_reader(form: str, day_of_month: int | None, *, plus_months: int = 0) -> DateReader:
    """Reads months in a form such as `MM/YYYY` as a day of that month, or its last (None).

    A day the month does not have becomes its last. Raises ValueError as `reader` does.
    """
    patterns = _patterns(form, {"y", "m"})

    @lru_cache(maxsize=65_536)
    def read(text: str) -> date:
        found = _match(patterns, text, form)
        first = _moved(_day(text, int(found["y"]), int(found["m"]), 1), plus_months, text)
        longest = monthrange(first.year, first.month)[1]
        return first.replace(day=min(day_of_month or longest, longest))

    return read


def _patterns(forms: str, needed: set[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(form, needed) for form in forms.split("|"))


def _pattern(form: str, needed: set[str]) -> re.Pattern[str]:
    named = [token[0].lower() for token in _TOKEN.findall(form)]
    if set(named) != needed or len(named) != len(needed):
        raise ValueError(form)
    parts = re.split(f"({_TOKEN.pattern})", form)
    return re.compile("".join(_TOKENS.get(part) or re.escape(part) for part in parts), re.ASCII)


def _match(patterns: tuple[re.Pattern[str], ...], text: str, form: str) -> re.Match[str]:
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            return found
    raise DateUnreadable(text=text, form=form)


def _moved(day: date, months: int, text: str) -> date:
    return _in_range(add_months(day, months), text) if months else day


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return _in_range(date(year, month, day), text)
    except ValueError:
        raise DateImpossible(text=text) from None


def _in_range(day: date, text: str) -> date:
    if not LEAST_YEAR <= day.year <= MOST_YEAR:
        raise DateOutOfRange(text=text, least=LEAST_YEAR, most=MOST_YEAR)
    return day
