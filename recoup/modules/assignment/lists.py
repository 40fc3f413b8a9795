"""Lists of cases that are not a worklist: one's own cases, promises, and what a search finds."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from recoup.core.money import Money
from recoup.foundation import db, vault
from recoup.modules.parties import queries as parties
from recoup.modules.vehicles import queries as vehicles

SQL = Path(__file__).parent / "sql"
_CHOSEN = (SQL / "chosen.sql").read_text()
_CASES = (SQL / "live_cases.sql").read_text().replace("{chosen}", _CHOSEN)
_HANDS = (SQL / "chosen_hands.sql").read_text().replace("{chosen}", _CHOSEN)
_IDS = (SQL / "chosen_ids.sql").read_text().replace("{chosen}", _CHOSEN)
_PROMISES = (SQL / "promises.sql").read_text()
_SEARCH = (SQL / "search.sql").read_text()

PAGE_ROWS = 50
FOUND_ROWS = 50
NO_AGENCY = 0  # in place of an agency's number: those that are with none
PromiseList = Literal["due", "open", "kept", "broken"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which live cases: those of a filter, of them only `case_ids` where these are given."""

    collector_id: int | None = None
    team_id: int | None = None
    bucket: int | None = None
    agency_id: int | None = None
    case_ids: tuple[int, ...] | None = None

    def as_asked(self) -> dict[str, object]:
        """As the SQL files ask for it."""
        ids = None if self.case_ids is None else list(self.case_ids)
        return asdict(self) | {"case_ids": ids}


EVERY = Choice()


@dataclass(frozen=True, slots=True)
class Hands:
    """How many of the chosen cases are with an agency, or with none, and what they come to."""

    agency_id: int | None
    agency_name: str
    cases: int
    held: int
    listed: int
    overdue: Money


@dataclass(frozen=True, slots=True)
class LiveCaseRow:
    case_id: int
    contract_id: int
    case_state: str
    segment: str
    treatment: str
    last_result: str
    last_worked_at: datetime | None
    next_step: str
    next_step_on: date | None
    number: str
    name_masked: str
    is_synthetic: bool
    plate_masked: str
    bucket: int
    dpd: int
    overdue: Money
    exposure: Money
    agency_name: str


@dataclass(frozen=True, slots=True)
class PromiseListRow:
    promise_id: int
    contract_id: int
    amount: Money
    paid: Money
    taken_on: date
    due_on: date
    state: str
    decided_on: date | None
    number: str
    name_masked: str
    is_synthetic: bool
    plate_masked: str
    bucket: int
    dpd: int
    collector_name: str


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A contract a search found; without a live case it is not in collections."""

    contract_id: int
    by_what: int
    case_id: int | None
    case_state: str | None
    contract_state: str
    number: str
    name_masked: str
    is_synthetic: bool
    plate_masked: str
    bucket: int | None
    dpd: int | None
    overdue: Money


def live_cases(*, as_of: date, choice: Choice = EVERY, page: int = 1) -> list[LiveCaseRow]:
    """Live cases, deepest arrears first; one more than a page if there is another page."""
    part = {"as_of": as_of, "limit": PAGE_ROWS + 1, "offset": (page - 1) * PAGE_ROWS}
    rows = db.ask(_CASES, choice.as_asked() | part)
    return [LiveCaseRow(**_with_money(row, "overdue", "exposure")) for row in rows]


def hands_of(choice: Choice, *, as_of: date) -> list[Hands]:
    """In whose hands the chosen cases are, those with no agency first; a row for each currency."""
    rows = db.ask(_HANDS, choice.as_asked() | {"as_of": as_of})
    return [Hands(**_with_money(row, "overdue")) for row in rows]


def ids_of(choice: Choice, *, at_most: int) -> list[int]:
    """The numbers of the chosen cases, and no more of them than this."""
    return [row["id"] for row in db.ask(_IDS, choice.as_asked() | {"limit": at_most})]


def promises_of_day(
    *,
    as_of: date,
    only: PromiseList,
    collector_id: int | None = None,
    team_id: int | None = None,
    page: int = 1,
) -> list[PromiseListRow]:
    """Promises, earliest due first; one more than a page if there is another page."""
    rows = db.ask(
        _PROMISES,
        {
            "as_of": as_of, "only": only, "collector_id": collector_id, "team_id": team_id,
            "limit": PAGE_ROWS + 1, "offset": (page - 1) * PAGE_ROWS,
        },
    )  # fmt: skip
    return [PromiseListRow(**_with_money(row, "amount", "paid")) for row in rows]


def search(text: str, *, as_of: date | None) -> list[FoundRow]:
    """Contracts whose number begins with the text, or whose borrower or car it names.

    A name, phone, id number, plate or VIN is found whole, by its blind index; a phone also by its
    last four.
    """
    bare = text.strip()
    if not bare:
        return []
    indexers = vault.seen_indexers()
    person, car = parties.blind_indexes(bare, indexers), vehicles.blind_indexes(bare, indexers)
    rows = db.ask(
        _SEARCH,
        {
            "beginning": bare, "plates": list(car.plates), "vins": list(car.vins),
            "phones": list(person.phones), "last_four": person.last_four,
            "names": list(person.names), "id_numbers": list(person.id_numbers), "as_of": as_of,
            "limit": FOUND_ROWS,
        },
    )  # fmt: skip
    return [FoundRow(**_with_money(row, "overdue")) for row in rows]


def _with_money(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """Minor units and currency of a row as Money under the short name."""
    currency = row.pop("currency")
    for name in names:
        row[name] = Money(row.pop(f"{name}_minor"), currency)
    return row
