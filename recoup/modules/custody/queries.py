"""Questions about things in our keeping."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from recoup.foundation import db
from recoup.modules.custody.rules import ItemKind, ItemState, MovementKind, days_overdue

SQL = Path(__file__).parent / "sql"
ITEMS, MOVEMENTS, COUNTS = (
    (SQL / f"{name}.sql").read_text().rstrip().rstrip(";")
    for name in ("items", "movements", "counts")
)
CONTRACT = (
    "SELECT id FROM contracts_contract WHERE lender_id = %(lender_id)s AND number = %(number)s"
)
COLLEAGUE = """
SELECT id FROM workforce_user
 WHERE is_active AND (username = %(said)s OR (employee_number = %(said)s AND %(said)s <> ''))
 ORDER BY id LIMIT 2
"""
COLLEAGUES = """
SELECT username, coalesce(nullif(display_name, ''), username) AS name, employee_number
  FROM workforce_user WHERE is_active AND id <> %(but)s ORDER BY name, username LIMIT 2000
"""
LENDERS = "SELECT id, name FROM parties_lender ORDER BY name"
ANY: dict[str, Any] = {
    "item_id": None, "state": "", "due_before": None, "team_id": None, "holder_id": None,
    "said": "", "said_start": "", "limit": 200, "skip": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A thing as the register shows it; `holder_name` is empty while it is here."""

    id: int
    lender_id: int
    lender_name: str
    contract_id: int | None
    contract_number: str
    kind: ItemKind
    label: str
    place: str
    note: str
    state: ItemState
    holder_id: int | None
    holder_name: str
    team_name: str
    due_on: date | None
    days_overdue: int


@dataclass(frozen=True, slots=True)
class MovementRow:
    id: int
    kind: MovementKind
    at: datetime
    business_on: date
    actor_name: str
    holder_name: str
    due_on: date | None
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    kept: int
    out: int
    due: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Colleague:
    username: str
    name: str
    employee_number: str


@dataclass(frozen=True, slots=True)
class LenderName:
    id: int
    name: str


def items(
    *, as_of: date, state: str = "", said: str = "", limit: int = 50, skip: int = 0
) -> list[ItemRow]:
    """Things by state and by what is searched for: a label's beginning or a contract number."""
    escaped = said.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    start = f"{escaped}%" if said else ""
    return _rows(as_of, state=state, said=said, said_start=start, limit=limit, skip=skip)


def item(*, item_id: int, as_of: date) -> ItemRow | None:
    """One thing; None if there is none within reach."""
    rows = _rows(as_of, item_id=item_id)
    return rows[0] if rows else None


def overdue(*, as_of: date, team_id: int | None = None) -> list[ItemRow]:
    """What should have been back before the day, by borrowers' team; the longest late first."""
    return _rows(as_of, state=ItemState.OUT, due_before=as_of, team_id=team_id)


def held_by(*, user_id: int, as_of: date) -> list[ItemRow]:
    """What somebody has, the soonest due first."""
    return _rows(as_of, state=ItemState.OUT, holder_id=user_id)


def _rows(as_of: date, **asked: Any) -> list[ItemRow]:
    return [_row(row, as_of) for row in db.ask(ITEMS, ANY | asked)]


def _row(row: dict[str, Any], as_of: date) -> ItemRow:
    late = days_overdue(row["due_on"], as_of)
    said = {"kind": ItemKind(row["kind"]), "state": ItemState(row["state"])}
    return ItemRow(**(row | said), days_overdue=late)


def movements(*, item_id: int) -> list[MovementRow]:
    """Everything that happened to a thing, latest first."""
    rows = db.ask(MOVEMENTS, {"item_id": item_id})
    return [MovementRow(**(row | {"kind": MovementKind(row["kind"])})) for row in rows]


def counts(*, as_of: date) -> Counts:
    """How many things are kept, out, due on the day, overdue."""
    return Counts(**db.ask(COUNTS, {"as_of": as_of})[0])


def contract_id(*, lender_id: int, number: str) -> int | None:
    """The contract of a lender by its number."""
    rows = db.ask(CONTRACT, {"lender_id": lender_id, "number": number})
    return int(rows[0]["id"]) if rows else None


def colleague_id(said: str) -> int | None:
    """Who works here under this login or employee number; None for nobody or more than one."""
    rows = db.ask(COLLEAGUE, {"said": said})
    return int(rows[0]["id"]) if len(rows) == 1 else None


def colleagues(*, but: int) -> list[Colleague]:
    """Who may borrow: everybody who works here but the keeper."""
    return [Colleague(**row) for row in db.ask(COLLEAGUES, {"but": but})]


def lenders() -> list[LenderName]:
    """Whose things may be entered."""
    return [LenderName(**row) for row in db.ask(LENDERS)]
