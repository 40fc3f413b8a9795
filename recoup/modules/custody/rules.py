"""What may happen to a thing in our keeping: borrowed for a reason, back the same day."""

from datetime import date, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused

LONGEST = timedelta(days=30)
LONGEST_REASON = 200


class ItemKind(StrEnum):
    """What is kept."""

    PAPER_FILE = "PAPER_FILE"
    KEY = "KEY"
    CERTIFICATE = "CERTIFICATE"
    DEVICE = "DEVICE"
    OTHER = "OTHER"


class ItemState(StrEnum):
    IN = "IN"
    OUT = "OUT"
    GONE = "GONE"


class MovementKind(StrEnum):
    """What happened to a thing; HANDED_OVER is for good, to somebody outside."""

    REGISTERED = "REGISTERED"
    BORROWED = "BORROWED"
    PROLONGED = "PROLONGED"
    RETURNED = "RETURNED"
    MOVED = "MOVED"
    HANDED_OVER = "HANDED_OVER"


MOVES: dict[tuple[ItemState, MovementKind], ItemState] = {
    (ItemState.IN, MovementKind.BORROWED): ItemState.OUT,
    (ItemState.OUT, MovementKind.PROLONGED): ItemState.OUT,
    (ItemState.OUT, MovementKind.RETURNED): ItemState.IN,
    (ItemState.IN, MovementKind.MOVED): ItemState.IN,
    (ItemState.IN, MovementKind.HANDED_OVER): ItemState.GONE,
}


class CustodyRefused(Refused):
    """A thing in our keeping is not registered or moved."""

    code = "custody_refused"
    message = "This was not entered in the register."


class ItemUnknown(CustodyRefused):
    code = "custody_item_unknown"
    message = "There is no such thing in the register."


class ContractNotKnown(CustodyRefused):
    code = "custody_contract_unknown"
    message = "There is no contract %(number)s of this lender."


class LabelMissing(CustodyRefused):
    code = "custody_label_missing"
    message = "Say what stands on it: the number by which it is found."


class LabelTaken(CustodyRefused):
    code = "custody_label_taken"
    message = "%(label)s is in the register already."


class PlaceMissing(CustodyRefused):
    code = "custody_place_missing"
    message = "Say where it lies: room, cabinet, shelf."


class ReasonMissing(CustodyRefused):
    code = "custody_reason_missing"
    message = "Say what it is needed for."


class NotThere(CustodyRefused):
    """Somebody has it already, or it is gone for good."""

    code = "custody_not_there"
    message = "It is not here: it is out or was handed over."


class NotOut(CustodyRefused):
    code = "custody_not_out"
    message = "Nobody has it: it is here or was handed over."


class DuePast(CustodyRefused):
    code = "custody_due_past"
    message = "The day it is due back lies in the past."


class DueTooLate(CustodyRefused):
    code = "custody_due_too_late"
    message = "It is lent for %(days)s days at most."


class BorrowerUnknown(CustodyRefused):
    code = "custody_borrower_unknown"
    message = "Nobody who works here has this name or number."


class KeeperBorrows(CustodyRefused):
    """Two pairs of eyes: who takes a thing out is not who writes it down."""

    code = "custody_keeper_borrows"
    message = "What you take yourself is entered by another keeper."


def next_state(state: ItemState, kind: MovementKind) -> ItemState:
    """Where a movement leads. Raises NotOut and NotThere for one that is not listed."""
    found = MOVES.get((state, kind))
    if found is not None:
        return found
    if kind in {MovementKind.RETURNED, MovementKind.PROLONGED}:
        raise NotOut
    raise NotThere


def refuse_loan(*, keeper_id: int, borrower_id: int, due_on: date, as_of: date) -> None:
    """Refuse a loan by its day or its people. Raises KeeperBorrows, DuePast, DueTooLate."""
    if keeper_id == borrower_id:
        raise KeeperBorrows
    refuse_day(due_on, as_of)


def refuse_day(due_on: date, as_of: date) -> None:
    """Refuse the day a thing is due back. Raises DuePast, DueTooLate."""
    if due_on < as_of:
        raise DuePast
    if due_on > as_of + LONGEST:
        raise DueTooLate(days=LONGEST.days)


def sound(text: str, missing: type[CustodyRefused]) -> str:
    """A text without blanks around it; refused where nothing is left."""
    bare = text.strip()[:LONGEST_REASON]
    if not bare:
        raise missing
    return bare


def days_overdue(due_on: date | None, as_of: date) -> int:
    """How many days a thing is late; 0 on the day itself, or where it is not lent."""
    return max(0, (as_of - due_on).days) if due_on else 0
