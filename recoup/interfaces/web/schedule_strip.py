"""The schedule at a glance: one bar per due, by what has become of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from recoup.core.account import DueState


class DueFate(StrEnum):
    PAID = "PAID"
    PART = "PART"
    LATE = "LATE"
    AHEAD = "AHEAD"


@dataclass(frozen=True, slots=True)
class DueBar:
    """A due's place and height (0–40) in the strip, and its figures for the table behind it."""

    x: int
    y: int
    height: int
    fate: DueFate
    state: DueState

    @property
    def scheduled(self) -> int:
        """Everything scheduled, in minor units."""
        return self.state.principal + self.state.interest + self.state.cost

    @property
    def open(self) -> int:
        """Of this, what is still open; penalty is not part of the schedule."""
        return self.state.principal_open + self.state.interest_open + self.state.cost_open


@dataclass(frozen=True, slots=True)
class ScheduleStrip:
    bars: tuple[DueBar, ...]
    width: int
    paid: int
    late: int
    ahead: int


TALLEST = 40


def fate_of(state: DueState, as_of: date) -> DueFate:
    """Paid, late (wholly or in part), or still to come."""
    if state.settled_on is not None:
        return DueFate.PAID
    if state.due_on >= as_of:
        return DueFate.AHEAD
    paid = state.principal_paid + state.interest_paid + state.cost_paid
    return DueFate.PART if paid else DueFate.LATE


def schedule_strip(states: Sequence[DueState], as_of: date) -> ScheduleStrip:
    """The bars in order; heights follow the amount, a balloon is at most thrice the usual."""
    amounts = [s.principal + s.interest + s.cost for s in states]
    largest = min(max(amounts), 3 * int(median(amounts))) if amounts else 0
    bars = list[DueBar]()
    for place, state in enumerate(states):
        amount = state.principal + state.interest + state.cost
        height = max(6, min(TALLEST, amount * TALLEST // max(1, largest)))
        bars.append(DueBar(place * 10, TALLEST - height, height, fate_of(state, as_of), state))
    fates = Counter(bar.fate for bar in bars)
    return ScheduleStrip(
        bars=tuple(bars),
        width=max(1, len(bars) * 10),
        paid=fates[DueFate.PAID],
        late=fates[DueFate.LATE] + fates[DueFate.PART],
        ahead=fates[DueFate.AHEAD],
    )
