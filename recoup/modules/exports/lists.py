"""The lists that can be taken out: their columns, and their rows as far as the asker sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recoup.core.arrears import bucket_code
from recoup.core.money import Money
from recoup.foundation import db, vault
from recoup.foundation.access.rights import Reach
from recoup.modules.exports.rules import ListCode, Wanted
from recoup.modules.parties import sealing
from recoup.modules.vehicles import sealing as vehicles

SQL = Path(__file__).parent / "sql"
BATCH = 1000


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "TEXT"
    CODE = "CODE"
    BUCKET = "BUCKET"
    MONEY = "MONEY"
    COUNT = "COUNT"
    DAY = "DAY"
    MOMENT = "MOMENT"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the row, its heading; `label` names the words of a code.

    Only a column that `carries` may carry the invisible mark: texts for people, never what other
    systems look up by.
    """

    name: str
    heading: str | Promise
    kind: Kind = Kind.TEXT
    label: str = ""
    carries: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """How far the asker saw when they asked; the rows never go beyond it."""

    reach: Reach
    user_id: int
    team_id: int | None
    agency_id: int | None


_NUMBER = Column("number", _("Contract"))
_NAME = Column("name", _("Customer"), carries=True)
_PLATE = Column("plate", _("Plate"))
_BUCKET = Column("bucket", _("Bucket"), Kind.BUCKET)
_DPD = Column("dpd", _("Days past due"), Kind.COUNT)
_CURRENCY = Column("currency", _("Currency"))
_OVERDUE = Column("overdue_minor", _("Overdue"), Kind.MONEY)
_EXPOSURE = Column("exposure_minor", _("Exposure"), Kind.MONEY)

COLUMNS: dict[ListCode, tuple[Column, ...]] = {
    ListCode.CASES: (
        _NUMBER,
        _NAME,
        Column("phone", _("Phone")),
        _PLATE,
        Column("region", _("Region"), carries=True),
        _BUCKET,
        _DPD,
        _CURRENCY,
        _OVERDUE,
        _EXPOSURE,
        Column("state", _("State"), Kind.CODE, "case", carries=True),
        Column("treatment", _("Treatment"), Kind.CODE, "treatment", carries=True),
        Column("last_result", _("Last result"), Kind.CODE, "call", carries=True),
        Column("last_worked_at", _("Last worked"), Kind.MOMENT),
        Column("next_step", _("Next step"), Kind.CODE, "next_step", carries=True),
        Column("next_step_on", _("Next step on"), Kind.DAY),
        Column("collector", _("Collector"), carries=True),
    ),
    ListCode.PROMISES: (
        _NUMBER,
        _NAME,
        _PLATE,
        Column("state", _("State"), Kind.CODE, "promise", carries=True),
        _CURRENCY,
        Column("amount_minor", _("Promised"), Kind.MONEY),
        Column("paid_minor", _("Paid since"), Kind.MONEY),
        Column("taken_on", _("Taken on"), Kind.DAY),
        Column("due_on", pgettext_lazy("due", "By"), Kind.DAY),
        Column("decided_on", _("Decided on"), Kind.DAY),
        _BUCKET,
        _DPD,
        Column("taken_by", _("Taken by"), carries=True),
    ),
    ListCode.PAYMENTS: (
        _NUMBER,
        _NAME,
        Column("value_on", _("Value date"), Kind.DAY),
        _CURRENCY,
        Column("amount_minor", _("Amount"), Kind.MONEY),
        Column("channel", _("Channel"), Kind.CODE, "channel", carries=True),
        Column("reference", _("Reference")),
        Column("received_at", _("Received"), Kind.MOMENT),
        Column("reversed_on", _("Reversed on"), Kind.DAY),
    ),
    ListCode.ARREARS: (
        Column("team", _("Team"), carries=True),
        _CURRENCY,
        _BUCKET,
        Column("cases", _("Cases"), Kind.COUNT),
        _OVERDUE,
        _EXPOSURE,
    ),
}
_FILES = {code: (SQL / f"{code.value.lower()}.sql").read_text() for code in ListCode}
# Closed cases' payments belong to nobody in particular: only those who see the whole lender.
_SEEN: dict[Reach, str] = {
    Reach.ALL: "true",
    Reach.LENDER: "true",
    Reach.AGENCY: "c.agency_id = %(agency_id)s::bigint",
    Reach.TEAM: "u.team_id = %(scope_team_id)s::bigint",
    Reach.OWN: "c.collector_id = %(user_id)s::bigint",
}
# What is restricted leaves the house with nobody; the worker passes by the policies, so it is said.
_IN_USE = "NOT k.is_locked"
_MASKED = {
    "name": "p.name_masked",
    "phone": "coalesce(t.value_masked, '')",
    "plate": "coalesce(v.plate_masked, '')",
}
_SEALED = {"name": "p.name_sealed", "phone": "t.value_sealed", "plate": "v.plate_sealed"}


def count(*, wanted: Wanted, scope: Scope, as_of: date) -> int:
    """How many rows the list has."""
    sql, params = _question(wanted, scope, as_of)
    rows = db.ask(f"SELECT count(*) AS rows FROM ({sql}) listed", params)  # noqa: S608 - our files
    return int(rows[0]["rows"])


def people(*, wanted: Wanted, scope: Scope, as_of: date) -> list[int]:
    """Who stands in the list; sums by team tell of nobody."""
    if wanted.list_code is ListCode.ARREARS:
        return []
    sql, params = _question(wanted, scope, as_of)
    named = (
        "SELECT DISTINCT k.borrower_id FROM contracts_contract k"  # noqa: S608 - our files
        f" WHERE k.lender_id = %(lender_id)s AND k.number IN (SELECT number FROM ({sql}) listed)"
    )
    return [int(row["borrower_id"]) for row in db.ask(named, params)]


def rows(*, wanted: Wanted, scope: Scope, as_of: date) -> Iterator[dict[str, Any]]:
    """The rows, batch by batch from the server; names and numbers opened only if wanted."""
    sql, params = _question(wanted, scope, as_of)
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        while found := cursor.fetchmany(BATCH):
            batch = [dict(zip(names, row, strict=True)) for row in found]
            yield from _readable(batch, wanted)


def cells(row: dict[str, Any], columns: Sequence[Column]) -> list[object]:
    """A row's values in the order of the columns; amounts as exact decimals."""
    return [_value(row, column) for column in columns]


def identifier(row: dict[str, Any], wanted: Wanted) -> str:
    """What the row's marks are keyed by: the contract's number, or what makes a sum unique."""
    if wanted.list_code is ListCode.ARREARS:
        return f"{row['team']}|{row['currency']}|{bucket_code(row['bucket'])}"
    return str(row["number"])


def _question(wanted: Wanted, scope: Scope, as_of: date) -> tuple[str, dict[str, Any]]:
    parts = _SEALED if wanted.is_unmasked else _MASKED
    seen = f"{_SEEN.get(scope.reach, 'false')} AND {_IN_USE}"
    sql = _FILES[wanted.list_code].format(seen=seen, **parts)
    params = {
        "lender_id": wanted.lender_id,
        "as_of": as_of,
        "bucket": wanted.bucket,
        "team_id": wanted.team_id,
        "promise_state": wanted.promise_state,
        "since": wanted.since,
        "until": wanted.until,
        "user_id": scope.user_id,
        "scope_team_id": scope.team_id,
        "agency_id": scope.agency_id,
    }
    return sql, params


def _readable(batch: list[dict[str, Any]], wanted: Wanted) -> list[dict[str, Any]]:
    """As they are, or with what is sealed opened."""
    if not wanted.is_unmasked:
        return batch
    for name, about in (("name", _about_name), ("phone", _about_phone), ("plate", _about_plate)):
        sealed = [row for row in batch if row.get(name)]
        opened = vault.open_all(
            [(row[name], about(row)) for row in sealed], lender_id=wanted.lender_id
        )
        for row, plain in zip(sealed, opened, strict=True):
            row[name] = plain.decode()
    return batch


def _about_name(row: dict[str, Any]) -> str:
    return f"{sealing.NAME}/{row['ref']}"


def _about_phone(row: dict[str, Any]) -> str:
    return f"{sealing.VALUE}/{row['ref']}/{row['phone_kind']}"


def _about_plate(row: dict[str, Any]) -> str:
    return f"{vehicles.PLATE}/{row['number']}"


def _value(row: dict[str, Any], column: Column) -> object:
    value = row[column.name]
    if column.kind is Kind.MONEY:
        return Money(int(value), row["currency"]).major()
    return "" if value is None else value
