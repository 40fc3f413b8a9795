"""Inspecting a case: an act of its own, on record before anything is shown."""

from datetime import date, datetime

from recoup.foundation import audit
from recoup.foundation.access.context import require
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.modules.inspection import queries
from recoup.modules.inspection.rules import (
    CaseFile,
    ContractUnknown,
    DayInFuture,
    SeveralContracts,
)


def inspect(*, contract_id: int, as_of: date, known_by: datetime, today: date) -> CaseFile:
    """The case as it stood at the end of a day.

    Raises NotAllowed, SecondFactorNeeded, DayInFuture, ContractUnknown.
    """
    require(Right.INSPECT)
    if as_of > today:
        raise DayInFuture(day=as_of.isoformat())
    found = queries.case_file(contract_id=contract_id, as_of=as_of, known_by=known_by)
    audit.record(
        Act.INSPECTED,
        "contract",
        contract_id,
        lender_id=found.lender_id,
        facts={"as_of": as_of.isoformat()},
    )
    return found


def hand_out(*, case: CaseFile, manifest_sha256: str) -> None:
    """Put on record that the case leaves the house as a file with this manifest.

    Raises NotAllowed, SecondFactorNeeded.
    """
    require(Right.INSPECT)
    audit.record(
        Act.EXPORTED,
        "contract",
        case.contract_id,
        lender_id=case.lender_id,
        facts={"as_of": case.as_of.isoformat(), "manifest_sha256": manifest_sha256},
    )


def contract_numbered(number: str, *, lender: str = "", lender_id: int | None = None) -> int:
    """The id of the contract of this number; of several lenders', the one named or numbered.

    Raises ContractUnknown, and SeveralContracts where lenders share the number and none is named.
    """
    found = queries.contracts_numbered(number)
    named = [
        row
        for row in found
        if lender in ("", row["lender_name"]) and lender_id in (None, row["lender_id"])
    ]
    if not named:
        raise ContractUnknown(number=number)
    if len(named) > 1:
        lenders = ", ".join(row["lender_name"] for row in named)
        raise SeveralContracts(number=number, lenders=lenders)
    return int(named[0]["id"])


def lenders_of(number: str) -> list[tuple[int, str]]:
    """The lenders within reach that have a contract of this number: id and name."""
    found = queries.contracts_numbered(number)
    return [(row["lender_id"], row["lender_name"]) for row in found]
