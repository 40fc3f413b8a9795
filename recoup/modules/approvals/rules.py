"""What is asked for, what becomes of it, and who may grant how much. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from recoup.core.money import Money
from recoup.core.refusals import Refused

LONGEST_REASON, SHORTEST_REASON = 200, 4
COUNTED_FOR = timedelta(hours=24)  # what one granted oneself adds up: ten small ones are one large


class Kind(StrEnum):
    """What is asked for; what is done when it is granted stands in `acting`."""

    WAIVER = "WAIVER"
    WRITE_OFF = "WRITE_OFF"
    REFUND = "REFUND"
    MANUAL_POSTING = "MANUAL_POSTING"
    TRANSFER = "TRANSFER"
    PLAN = "PLAN"


class State(StrEnum):
    """What became of a request. Granted is allowed, done is done: once."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    DONE = "DONE"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class Event(StrEnum):
    """What happens to a request."""

    GRANT = "GRANT"
    REFUSE = "REFUSE"
    WITHDRAW = "WITHDRAW"
    DO = "DO"


MOVES: dict[tuple[State, Event], State] = {
    (State.ASKED, Event.GRANT): State.GRANTED,
    (State.ASKED, Event.REFUSE): State.REFUSED,
    (State.ASKED, Event.WITHDRAW): State.WITHDRAWN,
    (State.GRANTED, Event.DO): State.DONE,
}


class RequestUnknown(Refused):
    """There is no such request, or it is not this person's to see."""

    code = "approval_unknown"
    message = "There is no request number %(number)s."


class AlreadyDecided(Refused):
    """Somebody was quicker, or it was withdrawn."""

    code = "approval_decided"
    message = "This request does not wait any more: it was decided or withdrawn."


class NotGranted(Refused):
    """Nothing is done that nobody granted."""

    code = "approval_not_granted"
    message = "Request %(number)s has not been granted."


class AlreadyUsed(Refused):
    """One grant is one act."""

    code = "approval_used"
    message = "What request %(number)s allows has been done before."


class OwnRequest(Refused):
    """Nobody decides on their own request."""

    code = "approval_own_request"
    message = "You asked for this; somebody else has to decide on it."


class NotOwnRequest(Refused):
    """A request is withdrawn by whoever asked."""

    code = "approval_not_own"
    message = "Only who asked withdraws a request; refuse it instead."


class AboveLimit(Refused):
    """The decider's roles do not grant so much."""

    code = "approval_above_limit"
    message = "You may grant up to %(limit)s of this; %(amount)s needs somebody with a wider limit."


class AboveEveryLimit(Refused):
    """Asking would be in vain: no role grants so much."""

    code = "approval_above_every_limit"
    message = "Nobody here may grant more than %(limit)s of this; %(amount)s is more."


class ReasonTooShort(Refused):
    """Somebody must be able to judge it, now and later."""

    code = "approval_reason_too_short"
    message = "Say why in a few words; it is kept with your name."


class AmountNotAskable(Refused):
    """Nothing, or less."""

    code = "approval_amount_not_positive"
    message = "The amount must be more than zero."


@dataclass(frozen=True, slots=True)
class Limit:
    """What somebody may do without asking, and what they may grant to others, in minor units."""

    alone_minor: int = 0
    grants_minor: int = 0


def next_state(state: State, event: Event) -> State:
    """The state after `event`. Raises AlreadyDecided for what the table does not list."""
    if (state, event) not in MOVES:
        raise AlreadyDecided
    return MOVES[state, event]


def is_alone(amount: Money, lately_minor: int, limit: Limit) -> bool:
    """Whether the asker needs nobody; what they granted themselves in the last day counts."""
    return amount.minor + lately_minor <= limit.alone_minor


def refuse_vain(amount: Money, widest_minor: int) -> None:
    """Refuse what nobody could grant. Raises AmountNotAskable, AboveEveryLimit."""
    if amount.minor <= 0:
        raise AmountNotAskable
    if amount.minor > widest_minor:
        raise AboveEveryLimit(limit=Money(widest_minor, amount.currency), amount=amount)


def refuse_decider(asked_by: int, decided_by: int) -> None:
    """Raises OwnRequest."""
    if asked_by == decided_by:
        raise OwnRequest


def refuse_beyond(amount: Money, limit: Limit) -> None:
    """Raises AboveLimit."""
    if amount.minor > limit.grants_minor:
        raise AboveLimit(limit=Money(limit.grants_minor, amount.currency), amount=amount)


def sound_reason(reason: str) -> str:
    """The reason without needless blanks. Raises ReasonTooShort."""
    bare = " ".join(reason.split())
    if len(bare) < SHORTEST_REASON:
        raise ReasonTooShort
    return bare[:LONGEST_REASON]
