"""Staging: the file's rows in tables of this session only, gone with it if it is killed.

Names, numbers and raw rows are sealed before they are staged: nothing personal is written to disk
in clear, not even in a temporary table.

Per kind one table of typed rows as the file says them (`intake_staged_<kind>`) and one of rows
with what was found out about them (`intake_judged_<kind>`); the latter inherit from
`intake_judged`, so that one statement counts or quarantines all kinds.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection

from recoup.modules.intake.columns import ColumnType
from recoup.modules.intake.conversion import Fault, RowConverter
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.readers import Row
from recoup.modules.intake.rules import RowKind
from recoup.modules.intake.sealing import PERSONAL, RowSealer
from recoup.modules.intake.sums import RefusedSums

SQL_TYPES = {
    ColumnType.MONEY: ("_minor", "bigint"),
    ColumnType.RATE: ("_micro", "integer"),
    ColumnType.MULTIPLIER: ("", "numeric"),
    ColumnType.DATE: ("", "date"),
    ColumnType.INTEGER: ("", "integer"),
    ColumnType.BOOLEAN: ("", "boolean"),
}
# What judging finds out beside the columns themselves.
FACTS = {
    RowKind.PARTIES: "party_id bigint",
    RowKind.CONTACTS: "party_id bigint",
    RowKind.CONTRACTS: "contract_id bigint, penalty_rate integer",
    RowKind.VEHICLES: "contract_id bigint",
    RowKind.INSTALMENTS: "contract_id bigint",
    RowKind.PAYMENTS: "contract_id bigint",
}
ROWS_AT_ONCE = 20_000
LONGEST_VALUE, LONGEST_NAME = 200, 64


def sql_columns(kind: RowKind) -> list[tuple[str, str]]:
    """Name and type of each column of a staging table: units last; personal ones in three forms."""
    found = []
    for column in LAYOUT[kind]:
        if column.name in PERSONAL.get(kind, {}):
            forms = (("sealed", "bytea"), ("masked", "text"), ("index", "bytea"))
            found += [(f"{column.name}_{form}", type_) for form, type_ in forms]
        else:
            unit, type_ = SQL_TYPES.get(column.type, ("", "text"))
            found.append((column.name + unit, type_))
    return found


@contextmanager
def tables(kinds: Sequence[RowKind]) -> Iterator[None]:
    """The staging tables for the length of a `with`."""
    drop()
    with connection.cursor() as cursor:
        for statement in _definitions(kinds):
            cursor.execute(statement)
    try:
        yield
    finally:
        drop()


def drop() -> None:
    """Drop the staging tables; the session may be lent to someone else next."""
    if connection.needs_rollback or connection.connection is None:
        return  # gone with the transaction or the session
    names = [f"intake_staged_{kind}" for kind in LAYOUT] + ["intake_staged_faults"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(names)}")
        cursor.execute("DROP TABLE IF EXISTS intake_judged CASCADE")


def _definitions(kinds: Sequence[RowKind]) -> Iterator[str]:
    yield (
        "CREATE TEMP TABLE intake_staged_faults (row_kind text, row_number bigint,"
        " column_name text, code text, is_personal boolean, cell_sealed bytea, raw bytea)"
    )
    yield (
        "CREATE TEMP TABLE intake_judged (row_kind text, row_number bigint, outcome text,"
        " reasons jsonb[], raw bytea)"
    )
    for kind in kinds:
        columns = ", ".join(f"{name} {type_}" for name, type_ in sql_columns(kind))
        yield f"CREATE TEMP TABLE intake_staged_{kind} (row_number bigint, raw bytea, {columns})"
        yield (
            f"CREATE TEMP TABLE intake_judged_{kind} ({columns}, {FACTS[kind]})"
            " INHERITS (intake_judged)"
        )


def copy_rows(
    rows: Iterable[Row],
    converters: Sequence[RowConverter],
    sealer: RowSealer,
    refused: RefusedSums,
) -> Iterator[int]:
    """Convert, seal and stage the rows; after each portion yield how many the file had so far.

    What can be read of the amounts of rows with a fault goes into `refused`.
    """
    several = iter(rows)
    total = 0
    while portion := list(islice(several, ROWS_AT_ONCE)):
        good, faults = _converted(portion, converters, sealer, refused)
        for kind, staged in good.items():
            write_rows(kind, staged)
        _write_faults(faults)
        total += len(portion)
        yield total


def _converted(
    portion: Sequence[Row],
    converters: Sequence[RowConverter],
    sealer: RowSealer,
    refused: RefusedSums,
) -> tuple[dict[RowKind, list[list[object]]], list[list[object]]]:
    good: dict[RowKind, list[list[object]]] = {converter.kind: [] for converter in converters}
    bad: list[list[object]] = []
    for number, cells in portion:
        if not isinstance(cells, list):
            bad.append(_fault_row(None, number, Fault("", "", cells, ""), None, sealer))
            continue
        raw = sealer.row(number, cells)
        for converter in converters:
            if not converter.wants(cells):
                continue
            values, faults = converter(cells)
            if faults:
                refused.add(converter.kind, values)
                bad += [_fault_row(converter.kind, number, fault, raw, sealer) for fault in faults]
            else:
                good[converter.kind].append([number, raw, *sealer.values(converter.kind, values)])
    return good, bad


def _fault_row(
    kind: RowKind | None, number: int, fault: Fault, raw: bytes | None, sealer: RowSealer
) -> list[object]:
    no = fault.reason
    params = {key: str(value)[:LONGEST_VALUE] for key, value in no.params.items()}
    return [
        kind or "",
        number,
        fault.column[:LONGEST_NAME],
        no.code,
        kind is not None and fault.name in PERSONAL.get(kind, {}),
        sealer.cell(number, fault.cell[:LONGEST_VALUE], params),
        raw,
    ]


def write_rows(kind: RowKind, rows: Iterable[Sequence[object]]) -> None:
    """Stage rows of one kind: number, sealed cells, then the columns of its staging table."""
    columns = ", ".join(name for name, _ in sql_columns(kind))
    _copy(f"COPY intake_staged_{kind} (row_number, raw, {columns}) FROM STDIN", rows)


def _write_faults(rows: Iterable[Sequence[object]]) -> None:
    _copy("COPY intake_staged_faults FROM STDIN", rows)


def _copy(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
