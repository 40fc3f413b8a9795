"""What a lender's file must look like."""

from enum import StrEnum


class BatchState(StrEnum):
    RECEIVED = "RECEIVED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"


class RowKind(StrEnum):
    """The tables of the standard layout."""

    CONTRACTS = "contracts"
    INSTALMENTS = "instalments"
    PARTIES = "parties"
    CONTACTS = "contacts"
    VEHICLES = "vehicles"
    PAYMENTS = "payments"
