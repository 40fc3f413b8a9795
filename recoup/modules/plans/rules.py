"""When a promise is kept."""

from datetime import date
from enum import StrEnum


class PromiseState(StrEnum):
    OPEN = "OPEN"
    KEPT = "KEPT"
    PARTLY_KEPT = "PARTLY_KEPT"
    BROKEN = "BROKEN"
    REPLACED = "REPLACED"


def decide_promise(*, amount_minor: int, paid_minor: int, due_on: date, as_of: date) -> PromiseState:
    """Kept as soon as the money is in; otherwise decided the day after the promised day.

    `paid_minor` is the money with a value date from the day it was promised up to the promised day.
    """
    if paid_minor >= amount_minor:
        return PromiseState.KEPT
    if as_of <= due_on:
        return PromiseState.OPEN
    return PromiseState.PARTLY_KEPT if paid_minor > 0 else PromiseState.BROKEN
