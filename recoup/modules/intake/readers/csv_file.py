"""Text tables: CSV with any usual delimiter, strictly quoted, in bounded memory."""

import csv
from collections.abc import Iterator
from pathlib import Path

from recoup.modules.intake.limits import Limits
from recoup.modules.intake.readers.inspection import lines
from recoup.modules.intake.readers.table import Row, checked_header
from recoup.modules.intake.reasons import RowMisquoted, RowTooLong, RowTooShort
from recoup.modules.intake.refusals import HeaderMissing, QuoteUnclosed

DELIMITERS = (",", ";", "\t", "|")


class CsvReader:
    """A text table; its encoding has been found by the inspection."""

    def __init__(self, path: Path, encoding: str, delimiter: str, limits: Limits) -> None:
        self._size = path.stat().st_size
        self._read_bytes = 0
        self._lines_read = 0
        text = self._decoded(path, encoding, limits)
        first = next(text, "")
        self._reader = csv.reader(
            self._again(first, text), delimiter=delimiter or _delimiter(first), strict=True
        )
        self.header = checked_header(self._header_cells(), limits)

    def _decoded(self, path: Path, encoding: str, limits: Limits) -> Iterator[str]:
        for line in lines(path, limits):
            self._lines_read += 1
            self._read_bytes += len(line)
            yield line.decode(encoding if self._lines_read == 1 else encoding.removesuffix("-sig"))

    @staticmethod
    def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
        yield first
        yield from rest

    def _header_cells(self) -> list[str]:
        try:
            return next(self._reader)
        except csv.Error:
            raise QuoteUnclosed(line=1) from None
        except StopIteration:
            raise HeaderMissing from None

    def rows(self) -> Iterator[Row]:
        """See `Reader`. Raises QuoteUnclosed, LineTooLong, NulByte."""
        width, number = len(self.header), 1
        while True:
            number += 1
            before = self._lines_read
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                if self._lines_read - before > 1 or self._read_bytes >= self._size:
                    raise QuoteUnclosed(line=before + 1) from None
                yield number, RowMisquoted()
                continue
            if len(cells) == width:
                if any(cells):
                    yield number, cells
            elif any(cells):
                yield number, _fitted(cells, width)

    def fraction_done(self) -> float:
        return self._read_bytes / self._size


def _delimiter(first_line: str) -> str:
    return max(DELIMITERS, key=first_line.count)


def _fitted(cells: list[str], width: int) -> list[str] | RowTooShort | RowTooLong:
    """The row without empty cells beyond the header, or why it does not fit."""
    if len(cells) < width:
        return RowTooShort(cells=len(cells), columns=width)
    if any(cell.strip() for cell in cells[width:]):
        return RowTooLong(cells=len(cells), columns=width)
    return cells[:width]
