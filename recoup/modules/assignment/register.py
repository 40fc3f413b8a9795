"""Lists for other systems: contracts, cases, payments and promises in the order of their numbers.

A page goes on after the last number of the one before, so that nothing is lost or shown twice while
others write. Nothing here opens a sealed value.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"
_CONTRACTS = (SQL / "register_contracts.sql").read_text()
_CASES = (SQL / "register_cases.sql").read_text()
_PAYMENTS = (SQL / "register_payments.sql").read_text()
_PROMISES = (SQL / "register_promises.sql").read_text()


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """A contract's terms and, while it is in collections, its case."""

    id: int
    number: str
    lender: str
    borrower_masked: str
    product: str
    currency: str
    principal_minor: int
    annual_rate_micro: int
    term_months: int
    signed_on: date | None
    first_due_on: date
    matures_on: date | None
    region: str
    state: str
    case_id: int | None
    case_state: str | None
    bucket: int | None


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A live case with its contract's figures of the business day."""

    id: int
    contract_id: int
    number: str
    lender: str
    borrower_masked: str
    state: str
    opened_on: date
    bucket: int
    days_past_due: int
    currency: str
    overdue_minor: int
    exposure_minor: int
    next_step: str
    next_step_on: date | None


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """A payment as it was received, and since when it does not stand."""

    id: int
    contract_id: int
    value_on: date
    amount_minor: int
    currency: str
    channel: str
    reference: str
    received_at: datetime
    reversed_on: date | None


@dataclass(frozen=True, slots=True)
class PromiseEntry:
    """A promise and what became of it."""

    id: int
    contract_id: int
    amount_minor: int
    paid_minor: int
    currency: str
    taken_on: date
    due_on: date
    state: str
    decided_on: date | None


def contracts(
    *, lender: str = "", number: str = "", contract_id: int | None = None, after: int, limit: int
) -> list[ContractEntry]:
    """Contracts by number, from the one after `after` on."""
    asked = {"lender": lender, "number": number, "contract_id": contract_id}
    rows = db.ask(_CONTRACTS, asked | {"after": after, "limit": limit})
    return [ContractEntry(**row) for row in rows]


def contract(contract_id: int) -> ContractEntry | None:
    """One contract, None if there is none or it is out of reach."""
    found = contracts(contract_id=contract_id, after=0, limit=1)
    return found[0] if found else None


def cases(
    *, as_of: date | None, lender: str = "", bucket: int | None = None, after: int, limit: int
) -> list[CaseEntry]:
    """Live cases, from the one after `after` on."""
    asked = {"as_of": as_of, "lender": lender, "bucket": bucket, "after": after, "limit": limit}
    return [CaseEntry(**row) for row in db.ask(_CASES, asked)]


def payments(
    *, contract_id: int, after: int = 0, limit: int = 1, reference: str = ""
) -> list[PaymentEntry]:
    """A contract's payments in the order they were recorded; the one with a reference."""
    asked: dict[str, Any] = {"contract_id": contract_id, "reference": reference}
    rows = db.ask(_PAYMENTS, asked | {"after": after, "limit": limit})
    return [PaymentEntry(**row) for row in rows]


def promises(
    *, contract_id: int | None = None, state: str = "", after: int, limit: int
) -> list[PromiseEntry]:
    """Promises, from the one after `after` on."""
    asked = {"contract_id": contract_id, "state": state, "after": after, "limit": limit}
    return [PromiseEntry(**row) for row in db.ask(_PROMISES, asked)]
