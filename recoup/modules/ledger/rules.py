"""Accounts, channels and the allocation orders the ledger knows."""

from enum import IntEnum, StrEnum


class AccountCode(IntEnum):
    """The accounts an entry moves money between, per contract.

    BANK is client money received; UNALLOCATED is owed to the borrower until it settles a due;
    PRINCIPAL, INTEREST, COST are receivables; PENALTY is recognised when paid.
    """

    BANK = 1
    UNALLOCATED = 2
    COST = 3
    PENALTY = 4
    INTEREST = 5
    PRINCIPAL = 6


class Channel(StrEnum):
    """How money came in."""

    TRANSFER = "TRANSFER"
    CASH = "CASH"
    ONLINE = "ONLINE"
    AUTO_DEBIT = "AUTO_DEBIT"
    SERVICER = "SERVICER"
