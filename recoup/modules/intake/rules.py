"""What a lender's file must look like, and what becomes of it."""

from enum import StrEnum


class BatchState(StrEnum):
    RECEIVED = "RECEIVED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"


class Stage(StrEnum):
    """Where a running batch is; the order is that of the stepper on the page."""

    WAITING = "WAITING"
    CHECKING = "CHECKING"
    READING = "READING"
    JUDGING = "JUDGING"
    DONE = "DONE"


class RowKind(StrEnum):
    """The tables of the standard layout."""

    CONTRACTS = "contracts"
    INSTALMENTS = "instalments"
    PARTIES = "parties"
    CONTACTS = "contacts"
    VEHICLES = "vehicles"
    PAYMENTS = "payments"


# A batch of a mapping which makes several tables from one file.
SEVERAL = "several"


class Repeats(StrEnum):
    """What to do with a second row of the same key in one file."""

    REFUSE = "refuse"
    FIRST = "first"
    LAST = "last"


class Outcome(StrEnum):
    """What becomes of a row; kept as one letter while a file is judged."""

    NEW = "N"
    CHANGED = "C"
    UNCHANGED = "U"
    BAD = "B"
