"""Hours of the day, at a place that may lie in several time zones: the strictest clock counts."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def in_hours(opens: time, closes: time, zones: tuple[str, ...], at: datetime) -> bool:
    """Whether it is `opens` or later, and before `closes`, on the clock of every zone."""
    return all(opens <= at.astimezone(ZoneInfo(zone)).time() < closes for zone in zones)


def window_end(opens: time, closes: time, zones: tuple[str, ...], at: datetime) -> datetime:
    """When today's window closes in the first zone to close."""
    return min(_today_at(closes, zone, at) for zone in zones)


def start_of_day(zones: tuple[str, ...], at: datetime) -> datetime:
    """Midnight before `at` on the clock furthest behind, so that no day is counted too early."""
    return max(_today_at(time.min, zone, at) for zone in zones)


def next_opening(
    opens: time, closes: time, zones: tuple[str, ...], at: datetime, *, after_today: bool = False
) -> datetime:
    """The first moment from `at` (with `after_today`: from the next local day) open everywhere."""
    moment = max(_today_at(time.max, zone, at) for zone in zones) if after_today else at
    for _ in range(2 * len(zones) + 2):
        shut = [zone for zone in zones if not in_hours(opens, closes, (zone,), moment)]
        if not shut:
            return moment
        moment = max(_opening(opens, zone, moment) for zone in shut)
    return moment


def _opening(opens: time, zone: str, at: datetime) -> datetime:
    today = _today_at(opens, zone, at)
    if today >= at:
        return today
    return _today_at(opens, zone, at + timedelta(days=1))


def _today_at(moment: time, zone: str, at: datetime) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    return local.replace(
        hour=moment.hour, minute=moment.minute, second=moment.second, microsecond=moment.microsecond
    )
