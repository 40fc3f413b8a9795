"""What was on file of a contract on a day: terms, people, their numbers, the vehicle.

Each row is what it is now with every change since undone, from the values which the watch keeps. A
contract that came on file only after the day is shown as it stood at the end of the day it came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from recoup.foundation.audit.former import gaps, on_file_since, rows_as_of
from recoup.modules.inspection.rules import Untold

TABLES = (
    "parties_lender",
    "parties_party",
    "parties_contactpoint",
    "contracts_contract",
    "contracts_contractparty",
    "ledger_account",
    "vehicles_vehicle",
)
BORROWER = "BORROWER"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OnFile:
    """The rows as they stood, and what of them cannot be told: reason, table, since when."""

    contract: Row
    lender: Row
    account: Row
    named: tuple[tuple[str, Row], ...]
    points: tuple[Row, ...]
    vehicles: tuple[Row, ...]
    untold: tuple[tuple[Untold, str, datetime | None], ...]
    moment: datetime

    def roles_of(self, party_id: int) -> list[str]:
        """The parts somebody plays in the contract."""
        return [role for role, party in self.named if party["id"] == party_id]


def on_file(contract_id: int, known_by: datetime) -> OnFile | None:
    """What was on file just before a moment; None if there is no such contract within reach."""
    moment, late = _moment(contract_id, known_by)
    found = rows_as_of("contracts_contract", owners=[contract_id], moment=moment)
    if not found:
        return None
    contract = found[0]
    lenders = rows_as_of("parties_lender", owners=[contract["lender_id"]], moment=moment)
    accounts = rows_as_of("ledger_account", owners=[contract_id], moment=moment)
    named = _named(contract, moment)
    points = rows_as_of("parties_contactpoint", owners=_ids(p for _, p in named), moment=moment)
    vehicles = rows_as_of("vehicles_vehicle", owners=[contract_id], moment=moment)
    rows = [*found, *lenders, *accounts, *(party for _, party in named), *points, *vehicles]
    return OnFile(
        contract=contract,
        lender=lenders[0] if lenders else {},
        account=accounts[0] if accounts else {},
        named=named,
        points=tuple(points),
        vehicles=tuple(vehicles),
        untold=(*late, *_untold(rows, moment)),
        moment=moment,
    )


def people_of(party_ids: Sequence[int], moment: datetime) -> dict[int, str]:
    """The masked names these people had."""
    rows = rows_as_of("parties_party", owners=party_ids, moment=moment)
    return {row["id"]: row["name_masked"] for row in rows}


def numbers_of(party_ids: Sequence[int], moment: datetime) -> dict[int, str]:
    """Their numbers and addresses as they were then, masked, by the contact point's id."""
    rows = rows_as_of("parties_contactpoint", owners=party_ids, moment=moment)
    return {row["id"]: row["value_masked"] for row in rows}


def _moment(
    contract_id: int, known_by: datetime
) -> tuple[datetime, list[tuple[Untold, str, datetime | None]]]:
    """As of when to tell: the moment asked for, or the end of the day the contract came on file."""
    since = on_file_since("contracts_contract", contract_id)
    if since is None or since < known_by:
        return known_by, []
    day = timezone.localtime(since).date() + timedelta(days=1)
    end = timezone.make_aware(datetime.combine(day, time.min))
    return end, [(Untold.FILED_LATER, "contracts_contract", since)]


def _named(contract: Row, moment: datetime) -> tuple[tuple[str, Row], ...]:
    """Everyone named in the contract: the borrower first, then by role."""
    others = rows_as_of("contracts_contractparty", owners=[contract["id"]], moment=moment)
    roles = [(BORROWER, contract["borrower_id"])]
    roles += sorted((row["role"], row["party_id"]) for row in others)
    rows = rows_as_of("parties_party", owners=[party_id for _, party_id in roles], moment=moment)
    people = {row["id"]: row for row in rows}
    return tuple((role, people[party_id]) for role, party_id in roles if party_id in people)


def _ids(rows: Iterable[Row]) -> list[int]:
    return [row["id"] for row in rows]


def _untold(rows: Iterable[Row], moment: datetime) -> list[tuple[Untold, str, datetime | None]]:
    found: list[tuple[Untold, str, datetime | None]] = [
        (Untold(gap.kind.value), gap.table, gap.at) for gap in gaps(TABLES, moment=moment)
    ]
    if any(row["is_forgotten"] for row in rows):
        found.append((Untold.FORGOTTEN, "parties_party", None))
    return found
