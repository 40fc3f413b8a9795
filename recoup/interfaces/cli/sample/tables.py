"""The standard layout as Arrow tables of text: what a lender would send us as files."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from recoup.modules.intake.rules import RowKind

Cell = str | int | date | bool | None
Rows = list[dict[str, Cell]]
Tables = dict[RowKind, Rows]


def empty() -> Tables:
    """A table of each kind, in the order in which they go in."""
    return {
        RowKind.PARTIES: [],
        RowKind.CONTACTS: [],
        RowKind.CONTRACTS: [],
        RowKind.VEHICLES: [],
        RowKind.INSTALMENTS: [],
        RowKind.PAYMENTS: [],
    }


def major(minor: int) -> str:
    """Hundredths as a decimal text: 1250 → 12.50."""
    return f"{minor // 100}.{minor % 100:02d}"


def per_cent(micro: int) -> str:
    """Millionths as per cent: 84000 → 8.4."""
    return f"{micro // 10_000}.{micro % 10_000:04d}".rstrip("0").rstrip(".")


def write(rows: Iterable[Mapping[str, Cell]], file: Path) -> Path:
    """One Parquet file of one kind of rows; the same rows always give the same bytes."""
    listed = list(rows)
    names = list(dict.fromkeys(name for row in listed for name in row))
    columns = {
        name: pa.array([_text(row.get(name)) for row in listed], pa.string()) for name in names
    }
    parquet.write_table(pa.table(columns), file, compression="zstd")
    return file


def _text(cell: Cell) -> str | None:
    if cell is None or cell == "":
        return None
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
