"""Columns of numbers and short texts as PostgreSQL's binary COPY format, without a loop per row.

Every row is laid out at its greatest width in one numpy record; where a row has less (NULL, or a
shorter text) a mask drops the bytes it does not have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
WIDTHS = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "bool": "i1", "date": ">i4"}

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's PostgreSQL type and values, NULL where `missing`.

    A `date` counts days from 2000-01-01, a timestamp is an int8 of microseconds from then;
    `text` takes bytes (numpy "S"), and so does `bytea`, with each value's length in `sizes`: a
    last byte may be zero.
    """

    kind: str
    values: Array
    missing: Array | None = None
    sizes: Array | None = None

    @property
    def layout(self) -> str:
        """The numpy type its values take in a row."""
        width = max(1, self.values.dtype.itemsize)
        return f"S{width}" if self.kind in {"text", "bytea"} else WIDTHS[self.kind]

    def lengths(self) -> Array | None:
        """Each value's length in bytes, -1 for NULL; None if all have the full width."""
        if self.kind == "bytea":
            return self.sizes
        if self.kind == "text":
            return np.asarray(np.char.str_len(self.values))
        if self.missing is None:
            return None
        return np.where(self.missing, -1, np.dtype(self.layout).itemsize)

    def piece(self, part: slice) -> "Column":
        """Some rows of it."""
        missing = None if self.missing is None else self.missing[part]
        sizes = None if self.sizes is None else self.sizes[part]
        return Column(self.kind, self.values[part], missing, sizes)


def rows(columns: Sequence[Column]) -> bytes:
    """The columns as rows of the binary COPY format, without header and trailer."""
    count = len(columns[0].values)
    fields = [("columns", ">i2")]
    for at, column in enumerate(columns):
        fields += [(f"length{at}", ">i4"), (f"value{at}", column.layout)]
    out = np.zeros(count, dtype=fields)
    out["columns"] = len(columns)
    kept: Array | None = None
    for at, column in enumerate(columns):
        lengths = column.lengths()
        width = np.dtype(column.layout).itemsize
        out[f"length{at}"] = width if lengths is None else lengths
        out[f"value{at}"] = column.values
        if lengths is not None:
            kept = np.ones((count, out.dtype.itemsize), dtype=bool) if kept is None else kept
            offset = _offset(out.dtype, f"value{at}")
            kept[:, offset : offset + width] = np.arange(width) < lengths[:, None]
    if kept is None:
        return out.tobytes()
    flat = out.view(np.uint8).reshape(count, -1)
    return bytes(flat[kept].data)


def _offset(layout: np.dtype[Any], field: str) -> int:
    assert layout.fields is not None
    return int(layout.fields[field][1])


def copy_in(
    connection: psycopg.Connection, table: str, columns: Mapping[str, Column], piece: int = 200_000
) -> int:
    """COPY the columns into `table`, a piece at a time; return how many rows went in."""
    count = len(next(iter(columns.values())).values)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as out:
        out.write(HEADER)
        for low in range(0, count, piece):
            part = slice(low, low + piece)
            out.write(rows([column.piece(part) for column in columns.values()]))
        out.write(TRAILER)
    return count
