"""Merging: staged rows are judged, then each module takes in its own; one transaction for all."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from recoup.foundation import db
from recoup.foundation.vault import indexing
from recoup.modules.intake import schedules
from recoup.modules.intake.columns import ColumnType
from recoup.modules.intake.conversion import RowConverter
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.mapping import Spec
from recoup.modules.intake.rules import Outcome, RowKind
from recoup.modules.intake.sums import SUMMED, RefusedSums

MODULES = Path(__file__).parents[1]
SQL = Path(__file__).parent / "sql"
# Each module writes its own tables by its own SQL, reading what has been judged.
TAKE_IN = {
    RowKind.PARTIES: ("parties/sql/take_in_parties.sql",),
    RowKind.CONTACTS: ("parties/sql/take_in_contacts.sql",),
    RowKind.CONTRACTS: (
        "parties/sql/take_in_borrowers.sql",
        "contracts/sql/take_in_contracts.sql",
        "ledger/sql/take_in_accounts.sql",
    ),
    RowKind.VEHICLES: ("vehicles/sql/take_in_vehicles.sql",),
    RowKind.INSTALMENTS: ("ledger/sql/take_in_dues.sql",),
    RowKind.PAYMENTS: ("ledger/sql/take_in_payments.sql",),
}
# What is compared by its blind index, and the rows of it that a file is about.
COMPARED = {
    RowKind.PARTIES: ("parties_party", "t.ref IN (SELECT party_ref FROM intake_staged_parties)"),
    RowKind.CONTACTS: (
        "parties_contactpoint",
        "t.party_id IN (SELECT p.id FROM parties_party p"
        " JOIN intake_staged_contacts s ON s.party_ref = p.ref)",
    ),
    RowKind.VEHICLES: (
        "vehicles_vehicle",
        "t.contract_id IN (SELECT c.id FROM contracts_contract c"
        " JOIN intake_staged_vehicles s ON s.contract_number = c.number)",
    ),
}
LENDER_LOCK = 0x1A7E


@dataclass(frozen=True, slots=True)
class Context:
    """For whom, by whom and when a file is taken in."""

    batch_id: int
    lender_id: int
    actor_id: int | None
    at: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of the file by what became of them; `totals` per table and currency."""

    good: int
    bad: int
    totals: dict[str, Any]


def lock_lender(lender_id: int) -> None:
    """Until the transaction ends nobody else merges a file of this lender."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LENDER_LOCK, lender_id])


def merge(
    context: Context,
    spec: Spec,
    converters: Sequence[RowConverter],
    refused: RefusedSums,
    tell: Callable[[float], None],
) -> Counts:
    """Judge and take in what is staged. Runs inside the caller's transaction, under the lock.

    `refused` are the amounts of rows that were refused while they were read.
    """
    kinds = staged_kinds(spec)
    repeats = {table.kind: table.repeats.value for table in spec.tables}
    for done, kind in enumerate(kinds):
        tell(done / len(kinds))
        _judge(kind, context, spec, repeats.get(kind, "refuse"))
        for file in TAKE_IN[kind]:
            db.run_sql(
                MODULES / file,
                lender_id=context.lender_id,
                actor_id=context.actor_id,
                at=context.at,
            )
    names = {converter.kind.value: converter.names for converter in converters}
    db.run_sql(
        SQL / "quarantine_rows.sql",
        batch_id=context.batch_id,
        names=json.dumps(names, ensure_ascii=False),
    )
    tell(1)
    return _count(kinds, refused)


def staged_kinds(spec: Spec) -> tuple[RowKind, ...]:
    """The kinds a file yields, in the order they go in; made schedules count."""
    kinds = set(spec.kinds)
    if spec.schedule_from_terms and RowKind.CONTRACTS in kinds:
        kinds.add(RowKind.INSTALMENTS)
    return tuple(kind for kind in LAYOUT if kind in kinds)


def _judge(kind: RowKind, context: Context, spec: Spec, repeats: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE intake_staged_{kind}")
    if compared := COMPARED.get(kind):
        table, which = compared
        indexing.bring_forward(context.lender_id, table=table, which=which)
    db.run_sql(
        SQL / f"judge_{kind}.sql",
        lender_id=context.lender_id,
        repeats=repeats,
        today=context.today,
        partial_schedule=spec.partial_schedule,
    )
    if kind is RowKind.CONTRACTS and spec.schedule_from_terms:
        schedules.stage_schedules()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE intake_judged_{kind}")


def _count(kinds: Sequence[RowKind], refused: RefusedSums) -> Counts:
    """Count the file's rows once each, however many kinds of rows they yielded."""
    (rows,) = db.ask(
        """
        SELECT count(*) FILTER (WHERE bad) AS bad, count(*) FILTER (WHERE new AND NOT bad) AS good
          FROM (SELECT row_number, bool_or(outcome = 'B') AS bad,
                       bool_or(outcome IN ('N', 'C')) AS new
                  FROM (SELECT row_number, outcome FROM intake_judged
                         UNION ALL SELECT row_number, 'B' FROM intake_staged_faults) every
                 GROUP BY row_number) per_row
        """
    )
    totals = {kind.value: _totals(kind, refused) for kind in kinds}
    return Counts(good=rows["good"], bad=rows["bad"], totals=totals)


def _totals(kind: RowKind, refused: RefusedSums) -> dict[str, Any]:
    """Rows by outcome, and sums per currency of what was new or changed, unchanged, and bad."""
    rows = dict.fromkeys((outcome.name.lower() for outcome in Outcome), 0)
    sums: dict[str | None, dict[str, dict[str, int]]] = {}
    has_currency = any(column.type is ColumnType.CURRENCY for column in LAYOUT[kind])
    currency = "currency" if has_currency else "NULL"
    columns = SUMMED.get(kind, ())
    picked = "".join(f", coalesce(sum({name}), 0)::bigint AS {name}" for name in columns)
    for found in db.ask(
        f"SELECT outcome, {currency} AS currency, count(*) AS rows{picked}"  # noqa: S608 - the layout's own names
        f" FROM intake_judged_{kind} GROUP BY 1, 2"
    ):
        outcome = Outcome(found["outcome"]).name.lower()
        rows[outcome] += found["rows"]
        if columns:
            per_outcome = sums.setdefault(found["currency"], {})
            per_outcome[outcome] = {name: found[name] for name in columns}
    for known, amounts in refused.of(kind).items():
        judged = sums.setdefault(known, {}).setdefault(Outcome.BAD.name.lower(), {})
        sums[known]["bad"] = {name: judged.get(name, 0) + amounts[name] for name in columns}
    faulty = (
        "SELECT count(DISTINCT row_number) AS rows FROM intake_staged_faults WHERE row_kind = %s"
    )
    rows["bad"] += db.ask(faulty, [kind.value])[0]["rows"]
    return {"rows": rows, "sums": sums}
