"""Whose export is this? A leaked file, or a part of one, is asked for its marks."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from recoup.modules.exports import queries, watermark
from recoup.modules.exports.queries import ExportRow, Marks
from recoup.modules.exports.rules import number_of

WORKBOOKS = {".xlsx", ".xls", ".xlsb", ".ods"}
LEAST_SHARE = 0.5  # of the file's identifiers, for an export to be named by its content alone
LEAST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Trace:
    """What speaks for one export: proven marks first; content alone is a hint, no proof."""

    export: ExportRow
    invisible: int
    row_checks: int
    line: bool
    in_content: int

    @property
    def is_proved(self) -> bool:
        """Whether a keyed mark names it; a visible line could have been typed by anybody."""
        return bool(self.invisible or self.row_checks)


def trace(path: Path) -> list[Trace]:
    """The exports a file comes from, the best proved first."""
    rows = [[str(cell) for cell in row] for row in _read(path)]
    found = [hit for marks in queries.marks() if (hit := _speaks_for(marks, rows))]
    found.sort(key=lambda hit: (hit.invisible + hit.row_checks, hit.line, hit.in_content))
    return found[::-1]


def _speaks_for(marks: Marks, rows: list[list[str]]) -> Trace | None:
    invisible = sum(_has_invisible(row, marks) for row in rows)
    checks = sum(_has_check(row, marks) for row in rows)
    line = any(number_of(marks.id) in cell for row in rows for cell in row)
    content = _content(marks, rows)
    if not (invisible or checks or line or content):
        return None
    export = queries.export(marks.id)
    return Trace(export, invisible, checks, line, content) if export else None


def _has_invisible(row: list[str], marks: Marks) -> bool:
    return any(
        number == marks.id and watermark.is_proved(number, check, marks.secret)
        for cell in row
        for number, check in watermark.found_hidden(cell)
    )


def _has_check(row: list[str], marks: Marks) -> bool:
    """Whether a cell holds the check of another cell of the same row."""
    said = {cell.strip().upper() for cell in row if len(cell.strip()) == watermark.CHECK_LETTERS}
    return bool(said) and any(
        watermark.row_check(each, marks.secret) in said for each in _identifiers(row)
    )


def _identifiers(row: list[str]) -> Iterator[str]:
    """What may identify the row: a cell, or three together as in a list of sums."""
    yield from (cell for cell in row if cell.strip())
    yield from ("|".join(row[i : i + 3]) for i in range(len(row) - 2))


def _content(marks: Marks, rows: list[list[str]]) -> int:
    """In how many rows an identifier stands that was in the export, if it is enough to say so."""
    at_hand = [row for row in rows if any(cell.strip() for cell in row)]
    digests = watermark.digests(marks.sketch)
    known = sum(
        any(watermark.sketch_of(each, marks.secret) in digests for each in _identifiers(row))
        for row in at_hand
    )
    return known if known >= max(LEAST_ROWS, LEAST_SHARE * len(at_hand)) else 0


def _read(path: Path) -> Iterable[Sequence[object]]:
    """The cells of a workbook's sheets, or of a text by lines."""
    if path.suffix.lower() in WORKBOOKS:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return [row for sheet in sheets for row in sheet]
    text = path.read_bytes().decode("utf-8", errors="replace").lstrip("\ufeff")
    return [list(row) for row in csv.reader(io.StringIO(text), dialect=_dialect(text))]


def _dialect(text: str) -> type[csv.Dialect] | str:
    try:
        return csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        return "excel"
