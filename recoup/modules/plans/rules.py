"""When a promise is kept."""

from datetime import date, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused

LONGEST_PROMISE_DAYS = 31


class PromiseState(StrEnum):
    OPEN = "OPEN"
    KEPT = "KEPT"
    PARTLY_KEPT = "PARTLY_KEPT"
    BROKEN = "BROKEN"
    REPLACED = "REPLACED"


def decide_promise(
    *, amount_minor: int, paid_minor: int, due_on: date, as_of: date
) -> PromiseState:
    """Kept as soon as the money is in; otherwise decided the day after the promised day.

    `paid_minor` is the money with a value date from the day it was promised up to the promised day.
    """
    if paid_minor >= amount_minor:
        return PromiseState.KEPT
    if as_of <= due_on:
        return PromiseState.OPEN
    return PromiseState.PARTLY_KEPT if paid_minor > 0 else PromiseState.BROKEN


class PromiseNotPositive(Refused):
    """Nothing was promised."""

    code = "promise_not_positive"
    message = "A promise must be more than zero."


class PromiseAboveOwed(Refused):
    """More is promised than the whole loan would ask on that day."""

    code = "promise_above_owed"
    message = "No more than %(owed)s is owed on that day, all instalments to come included."


class PromiseDayPast(Refused):
    """The promised day is over."""

    code = "promise_day_past"
    message = "The promised day lies before the business day %(as_of)s."


class PromiseDayTooFar(Refused):
    """The promised day is too far off to be a promise; that is a plan."""

    code = "promise_day_too_far"
    message = "A promise may reach at most %(days)s days ahead, to %(latest)s."


def latest_day(as_of: date) -> date:
    """The last day a promise given today may name."""
    return as_of + timedelta(days=LONGEST_PROMISE_DAYS)


def reasons_against_day(due_on: date, as_of: date) -> tuple[Refused, ...]:
    """What is wrong with the promised day."""
    if due_on < as_of:
        return (PromiseDayPast(as_of=as_of.isoformat()),)
    if due_on > latest_day(as_of):
        latest = latest_day(as_of).isoformat()
        return (PromiseDayTooFar(days=LONGEST_PROMISE_DAYS, latest=latest),)
    return ()


def reasons_against_amount(amount_minor: int, owed_minor: int, owed: str) -> tuple[Refused, ...]:
    """What is wrong with the promised amount; `owed` is how to say the limit."""
    if amount_minor <= 0:
        return (PromiseNotPositive(),)
    if amount_minor > owed_minor:
        return (PromiseAboveOwed(owed=owed),)
    return ()
