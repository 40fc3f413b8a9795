"""Inspecting a case: an act of its own, on record before anything is shown."""

from datetime import date, datetime

from recoup.foundation import audit
from recoup.foundation.access.context import require
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.modules.inspection import queries
from recoup.modules.inspection.rules import CaseFile, ContractUnknown, DayInFuture


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


def contract_numbered(number: str, *, lender: str = "") -> int:
    """The id of the contract of this number; of several lenders, the named one's.

    Raises ContractUnknown.
    """
    found = queries.contracts_numbered(number)
    named = [row for row in found if lender in ("", row["lender_name"])]
    if not named:
        raise ContractUnknown(number=number)
    return int(named[0]["id"])
