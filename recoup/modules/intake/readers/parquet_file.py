"""Parquet: read batch by batch; what it declares is checked before anything is unpacked."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recoup.modules.intake.limits import Limits
from recoup.modules.intake.readers.table import Row, checked_header, number_text
from recoup.modules.intake.refusals import ParquetDamaged, ParquetNested, ParquetTooLarge

ROWS_AT_ONCE = 8_192
THRIFT_BYTES = 64 * 1024 * 1024


class ParquetReader:
    """A Parquet file of plain columns. Strings stay packed until their length is known."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        try:
            shape = pq.read_schema(path)
            packed = [field.name for field in shape if _is_text(field.type)]
            self._file = pq.ParquetFile(
                path, read_dictionary=packed, thrift_string_size_limit=THRIFT_BYTES
            )
        except (pa.ArrowException, OSError, ValueError):
            raise ParquetDamaged from None
        self._check_declared()
        for field in shape:
            if pa.types.is_nested(field.type):
                raise ParquetNested(column=field.name, type=str(field.type))
        self.header = checked_header(shape.names, limits)
        self._total = max(1, self._file.metadata.num_rows)
        self._read = 0

    def _check_declared(self) -> None:
        about = self._file.metadata
        sizes = [about.row_group(i).total_byte_size for i in range(about.num_row_groups)]
        if sum(sizes) > self._limits.unpacked_bytes:
            raise ParquetTooLarge
        if any(size > self._limits.row_group_bytes for size in sizes):
            raise ParquetTooLarge

    def rows(self) -> Iterator[Row]:
        """See `Reader`. Raises ParquetDamaged, ParquetTooLarge."""
        number = 1
        for batch in self._batches():
            columns = [self._texts(column) for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                if any(cells):
                    yield number, list(cells)
            self._read += batch.num_rows

    def _batches(self) -> Iterator[pa.RecordBatch]:
        batches = self._file.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False)
        while True:
            try:
                batch = next(batches)
            except StopIteration:
                return
            except (pa.ArrowException, OSError, ValueError):
                raise ParquetDamaged from None
            if batch.nbytes > self._limits.batch_bytes:
                raise ParquetTooLarge
            yield batch

    def _texts(self, column: "pa.Array[Any]") -> list[str]:
        if isinstance(column, pa.DictionaryArray):
            words = [self._word(word) for word in column.dictionary.to_pylist()]
            return ["" if i is None else words[i] for i in column.indices.to_pylist()]
        write = _writer(column.type)
        return ["" if value is None else write(value) for value in column.to_pylist()]

    def _word(self, value: object) -> str:
        try:
            word = value.decode() if isinstance(value, bytes) else str(value or "")
        except UnicodeDecodeError:
            raise ParquetDamaged from None
        if len(word) > self._limits.cell_chars:
            raise ParquetTooLarge
        return word.replace("\0", "\1")  # a control character no less, but one the database keeps

    def fraction_done(self) -> float:
        return self._read / self._total


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _writer(kind: pa.DataType) -> Callable[[object], str]:
    if pa.types.is_floating(kind):
        return lambda value: number_text(value) if isinstance(value, float) else str(value)
    return _plain


def _plain(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.replace(tzinfo=None).isoformat(sep=" ")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case bytes():
            return value.decode(errors="replace")
    return str(value)
