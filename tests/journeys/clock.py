"""The clock on the wall of the story: everybody who reads the time reads this one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from recoup.interfaces.worker.night import run_night

SHANGHAI = ZoneInfo("Asia/Shanghai")


class WallClock:
    """Stands still between the steps of a story; a step that takes time says so."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def is_now(self, day: date, hour: int, minute: int = 0) -> None:
        """It has become this time of this day, in Shanghai."""
        self.at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)

    def night_passes(self, business_day: date) -> None:
        """The night of a business day runs at five, and it is nine in the morning."""
        self.is_now(business_day, 5)
        assert run_night(as_of=business_day, clock=self)
        self.is_now(business_day, 9)

    def minutes_pass(self, minutes: int) -> None:
        """Somebody talked, or drank tea."""
        self.at += timedelta(minutes=minutes)
