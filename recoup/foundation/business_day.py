"""The business day (账务日): the day the books stand at, that of the last finished night."""

from datetime import date

from recoup.foundation.journal import RunRow, latest_finished

NIGHT = "night"


def last_night() -> RunRow | None:
    """The last finished night, None before the first."""
    return latest_finished(NIGHT)


def business_day() -> date | None:
    """The day of the last finished night, None before the first."""
    night = last_night()
    return night.business_day if night else None
