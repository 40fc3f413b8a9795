"""Roles of people who work here."""

from datetime import datetime, timedelta
from enum import StrEnum

MOST_FAILURES = 5
PAUSE = timedelta(minutes=5)


class StaffRole(StrEnum):
    COLLECTOR = "COLLECTOR"
    LEADER = "LEADER"
    FINANCE = "FINANCE"
    INTAKE = "INTAKE"
    OPERATOR = "OPERATOR"


def is_paused(failed_at: list[datetime], at: datetime) -> bool:
    """Whether a name is paused: so many wrong passwords within the last minutes.

    Counted for names that do not exist too, so that the answer tells nobody which do.
    """
    return sum(at - PAUSE < moment <= at for moment in failed_at) >= MOST_FAILURES
