"""Dunning: on which day a level of reminding is reached, by rule and delay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recoup.core.calendar import month_end
from recoup.core.refusals import Refused


class DelayNegative(Refused):
    """A level is reached on or after the day it counts from."""

    code = "dunning_delay_negative"
    message = "A delay of %(delay_days)s days cannot be waited for."


class DunningRule(StrEnum):
    """From which day the delay of a level counts."""

    NET_DAYS = "NET_DAYS"  # from the due date
    END_OF_MONTH = "END_OF_MONTH"  # from the due date, then to the end of that month
    PREVIOUS_LEVEL = "PREVIOUS_LEVEL"  # from the day the level before was reached


@dataclass(frozen=True, slots=True)
class DunningLevel:
    """One level: a rule and `delay_days` ≥ 0. Raises DelayNegative."""

    rule: DunningRule
    delay_days: int

    def __post_init__(self) -> None:
        if self.delay_days < 0:
            raise DelayNegative(delay_days=self.delay_days)

    def reached_on(self, due_on: date, previous_on: date | None = None) -> date | None:
        """The day this level is reached; None if it waits for a level not yet reached."""
        delay = timedelta(days=self.delay_days)
        if self.rule is DunningRule.PREVIOUS_LEVEL:
            return None if previous_on is None else previous_on + delay
        reached = due_on + delay
        return month_end(reached) if self.rule is DunningRule.END_OF_MONTH else reached


def next_level(
    levels: Sequence[DunningLevel], done: int, due_on: date, previous_on: date | None, as_of: date
) -> int | None:
    """The number (1, 2, …) of the level to take now, None if there is none.

    `done` levels were taken, the last on `previous_on`. Levels are taken one at a time: however
    late a due is, it meets every level in turn.
    """
    if done >= len(levels):
        return None
    reached_on = levels[done].reached_on(due_on, previous_on)
    return done + 1 if reached_on is not None and reached_on <= as_of else None
