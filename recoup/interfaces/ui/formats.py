"""How amounts, days and counts are written in the reader's language."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from recoup.core.money import Money

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NOTHING = "–"


@lru_cache(maxsize=8)
def _locale_of(language: str) -> Locale:
    return Locale.parse("zh_Hans_CN" if language.startswith("zh") else "en_US")


def reader_locale() -> Locale:
    """The locale of the language now active."""
    return _locale_of(get_language() or "zh-hans")


@lru_cache(maxsize=64)
def _pattern(locale: Locale, currency: str) -> str:
    """Chinese puts a space after the symbol, English does so after letters only (CN¥ is one)."""
    symbol = get_currency_symbol(currency, locale)
    gap = NO_BREAK if locale.language == "zh" or symbol.isalpha() else ""
    return f"¤{gap}#,##0.00;{MINUS}¤{gap}#,##0.00"


def money_text(amount: Money) -> str:
    """¥ 12,846.37 and US$ 1,234.56 for a Chinese reader, $1,234.56 for an English one."""
    locale = reader_locale()
    pattern = _pattern(locale, amount.currency)
    return format_currency(amount.major(), amount.currency, format=pattern, locale=locale)


def money_short(amount: Money) -> str:
    """The amount without its minor units, for axes and labels."""
    locale = reader_locale()
    pattern = _pattern(locale, amount.currency).replace(".00", "")
    return format_currency(
        amount.major(), amount.currency, format=pattern, locale=locale, currency_digits=False
    )


def _local(day: date) -> date:
    """The calendar day of a moment is the local one, not that of UTC."""
    return timezone.localtime(day).date() if isinstance(day, datetime) else day


def day_text(day: date | None) -> str:
    """2026-11-20 for a Chinese reader, Nov 20, 2026 for an English one."""
    if day is None:
        return NOTHING
    day = _local(day)
    locale = reader_locale()
    return day.isoformat() if locale.language == "zh" else format_date(day, "medium", locale=locale)


def short_day_text(day: date | None) -> str:
    """11-20, or Nov 20: for lists in which the year goes without saying."""
    if day is None:
        return NOTHING
    day = _local(day)
    locale = reader_locale()
    return f"{day:%m-%d}" if locale.language == "zh" else format_date(day, "MMM d", locale=locale)


def moment_text(at: datetime | None) -> str:
    """11-20 05:12, or Nov 20, 05:12, in the local time zone."""
    if at is None:
        return NOTHING
    local = timezone.localtime(at)
    locale = reader_locale()
    pattern = "MM-dd HH:mm" if locale.language == "zh" else "MMM d, HH:mm"
    return format_datetime(local.replace(tzinfo=None), pattern, locale=locale)


def clock_text(at: datetime | None) -> str:
    """05:12, in the local time zone."""
    return NOTHING if at is None else f"{timezone.localtime(at):%H:%M}"


def days_text(days: int) -> str:
    """38 天, or 38 days."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": count_text(days)}


def count_text(number: int) -> str:
    """1,234,567."""
    return format_decimal(number, locale=reader_locale()).replace("-", MINUS)


def percent_text(part: float, whole: float = 1) -> str:
    """A share in whole per cent; nothing of nothing is a dash."""
    return format_percent(part / whole, locale=reader_locale()) if whole else NOTHING
