"""What a case may become, and when; what its timeline may say."""

from enum import StrEnum

from recoup.core.refusals import Refused


class CaseState(StrEnum):
    OPEN = "OPEN"
    HELD = "HELD"
    CURED = "CURED"
    CLOSED = "CLOSED"


class CaseEvent(StrEnum):
    HOLD = "HOLD"
    RELEASE = "RELEASE"
    CURE = "CURE"
    CLOSE = "CLOSE"


MOVES: dict[tuple[CaseState, CaseEvent], CaseState] = {
    (CaseState.OPEN, CaseEvent.HOLD): CaseState.HELD,
    (CaseState.HELD, CaseEvent.RELEASE): CaseState.OPEN,
    (CaseState.OPEN, CaseEvent.CURE): CaseState.CURED,
    (CaseState.HELD, CaseEvent.CURE): CaseState.CURED,
    (CaseState.OPEN, CaseEvent.CLOSE): CaseState.CLOSED,
    (CaseState.HELD, CaseEvent.CLOSE): CaseState.CLOSED,
}
LIVE = (CaseState.OPEN, CaseState.HELD)
LONGEST_REASON = 200


class TimelineKind(StrEnum):
    """What happened, in the past tense."""

    CASE_OPENED = "CASE_OPENED"
    BUCKET_MOVED = "BUCKET_MOVED"
    CASE_CURED = "CASE_CURED"
    CASE_CLOSED = "CASE_CLOSED"
    CASE_HELD = "CASE_HELD"
    CASE_RELEASED = "CASE_RELEASED"
    CASE_TAKEN = "CASE_TAKEN"
    CASE_ASSIGNED = "CASE_ASSIGNED"
    TREATMENT_CHANGED = "TREATMENT_CHANGED"
    CALL_LOGGED = "CALL_LOGGED"
    PROMISE_TAKEN = "PROMISE_TAKEN"
    PROMISE_KEPT = "PROMISE_KEPT"
    PROMISE_PARTLY_KEPT = "PROMISE_PARTLY_KEPT"
    PROMISE_BROKEN = "PROMISE_BROKEN"
    PAYMENT_POSTED = "PAYMENT_POSTED"
    PAYMENT_REVERSED = "PAYMENT_REVERSED"
    NOTE_WRITTEN = "NOTE_WRITTEN"
    PERSONAL_DATA_SHOWN = "PERSONAL_DATA_SHOWN"


class NoLiveCase(Refused):
    """The contract is not in collections, so there is nothing to work on."""

    code = "no_live_case"
    message = "This contract has no open case: nothing is overdue, or it has been settled."


class ReasonMissing(Refused):
    """An act that must say why does not."""

    code = "reason_missing"
    message = "Say why; it is kept on the timeline with your name."


class MoveRefused(Refused):
    """The state table does not list this move."""

    code = "case_move_refused"
    message = "A case that is %(state)s cannot be changed by %(event)s."


def sound_reason(reason: str) -> str:
    """The reason without blanks around it. Raises ReasonMissing."""
    bare = reason.strip()
    if not bare:
        raise ReasonMissing
    return bare[:LONGEST_REASON]


def next_state(state: CaseState, event: CaseEvent) -> CaseState:
    """The state after `event`; refuses what the table does not list."""
    if (state, event) not in MOVES:
        raise MoveRefused(state=state.value, event=event.value)
    return MOVES[state, event]
