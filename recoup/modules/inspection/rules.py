"""How a case stood on a day, read from what had happened by then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from recoup.core.refusals import Refused


class ContractUnknown(Refused):
    """Nothing to inspect, or not for this reader."""

    code = "inspection_contract_unknown"
    message = "There is no contract %(number)s within your reach."


class SeveralContracts(Refused):
    """Each lender has its own numbers: which one is meant must be said, not guessed."""

    code = "inspection_several_contracts"
    message = "Several lenders have a contract %(number)s: %(lenders)s. Say whose."


class DayInFuture(Refused):
    """Nothing has stood on a day that has not been."""

    code = "inspection_day_in_future"
    message = "%(day)s lies ahead: a case is inspected as it stood."


class Chapter(StrEnum):
    """A part of the file."""

    UNTOLD = "UNTOLD"
    CONTRACT = "CONTRACT"
    CASE = "CASE"
    PEOPLE = "PEOPLE"
    CONTACT_POINTS = "CONTACT_POINTS"
    VEHICLE = "VEHICLE"
    POSITION = "POSITION"
    DUES = "DUES"
    PAYMENTS = "PAYMENTS"
    ALLOCATIONS = "ALLOCATIONS"
    ENTRIES = "ENTRIES"
    EXTENSIONS = "EXTENSIONS"
    ARREARS = "ARREARS"
    DECISIONS = "DECISIONS"
    CALLS = "CALLS"
    PROMISES = "PROMISES"
    TIMELINE = "TIMELINE"
    FILES = "FILES"
    CUSTODY = "CUSTODY"
    REVEALS = "REVEALS"
    CHANGES = "CHANGES"
    SEEN_BY = "SEEN_BY"


class Untold(StrEnum):
    """Why something is not told as it stood."""

    FILED_LATER = "FILED_LATER"
    NOT_KEPT = "NOT_KEPT"
    MIGRATED = "MIGRATED"
    UNNAMED = "UNNAMED"
    FORGOTTEN = "FORGOTTEN"
    EXTENDED = "EXTENDED"


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter's table: columns by code, rows of plain values."""

    chapter: Chapter
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything about one contract as it stood at the end of a day."""

    contract_id: int
    number: str
    lender_id: int
    lender_name: str
    currency: str
    as_of: date
    parts: tuple[Part, ...]

    def part(self, chapter: Chapter) -> Part:
        """One chapter."""
        return next(part for part in self.parts if part.chapter is chapter)


_STATES = {
    "CASE_OPENED": "OPEN",
    "CASE_HELD": "HELD",
    "CASE_RELEASED": "OPEN",
    "CASE_CURED": "CURED",
    "CASE_CLOSED": "CLOSED",
}


def state_after(kinds: Iterable[str]) -> str:
    """The state a case is in after these entries of its timeline, oldest first."""
    state = ""
    for kind in kinds:
        state = _STATES.get(kind, state)
    return state


def bucket_after(entries: Iterable[tuple[str, dict[str, Any]]]) -> int | None:
    """The bucket a case is in after these entries, oldest first: kinds and facts."""
    bucket: int | None = None
    for kind, facts in entries:
        if kind == "CASE_OPENED":
            bucket = facts.get("bucket")
        elif kind == "BUCKET_MOVED":
            bucket = facts.get("to_bucket")
    return bucket
