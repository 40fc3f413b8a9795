"""XLSX: one sheet, read as a stream, so that a million rows need no more memory than ten.

Formulas are refused where they stand. Dates and per cents are told by the cell's number format,
because the number 0.084 shown as 8.4 % must not be taken for 0.084 %.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from recoup.modules.intake.limits import Limits
from recoup.modules.intake.readers.table import Row, checked_header, number_text
from recoup.modules.intake.readers.workbook import (
    Styles,
    read_shared_texts,
    read_sheets,
    read_styles,
)
from recoup.modules.intake.readers.workbook_parts import Attributes, Package, feeder, local
from recoup.modules.intake.reasons import RowTooLong
from recoup.modules.intake.refusals import (
    ArchiveTooLarge,
    ColumnsTooMany,
    FormulaFound,
    HeaderMissing,
    WorkbookUnreadable,
)


class XlsxReader:
    """The first sheet, or the one the mapping names."""

    def __init__(self, path: Path, sheet: str, limits: Limits) -> None:
        self._limits = limits
        self._package = Package(path, limits)
        sheets = read_sheets(self._package)
        self._sheet, self._part = sheets.choose(sheet)
        self._cells = SheetCells(
            self._sheet,
            read_styles(self._package),
            read_shared_texts(self._package, limits),
            limits,
            from_1904=sheets.from_1904,
        )
        self._read_bytes = 0
        self._found = self._sheet_rows()
        number, cells = next(self._found, (0, []))
        if not number:
            raise HeaderMissing
        self.header = checked_header(cells, limits)

    def _sheet_rows(self) -> Iterator[tuple[int, list[str]]]:
        feed = feeder(self._part, self._cells.start, self._cells.end, self._cells.text)
        for chunk in self._package.chunks(self._part):
            self._read_bytes += len(chunk)
            feed(chunk, False)
            yield from self._cells.taken()
        feed(b"", True)
        yield from self._cells.taken()

    def rows(self) -> Iterator[Row]:
        """See `Reader`. Raises FormulaFound, ArchiveDamaged, WorkbookUnreadable."""
        width = len(self.header)
        for number, cells in self._found:
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if len(cells) > width:
                yield number, RowTooLong(cells=len(cells), columns=width)
            elif any(cells):
                cells.extend([""] * (width - len(cells)))
                yield number, cells

    def fraction_done(self) -> float:
        return self._read_bytes / max(1, self._package.size(self._part))


class SheetCells:
    """Hears the XML of a sheet and gathers its rows of text."""

    def __init__(
        self, sheet: str, styles: Styles, shared: list[str], limits: Limits, *, from_1904: bool
    ) -> None:
        self._sheet, self._styles, self._shared, self._limits = sheet, styles, shared, limits
        self._epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a calendar, not a clock
        self._rows: list[tuple[int, list[str]]] = []
        self._cells: list[str] = []
        self._row, self._column = 0, -1
        self._kind = self._style = self._reference = ""
        self._parts: list[str] = []
        self._length = 0
        self._listening = False

    def taken(self) -> list[tuple[int, list[str]]]:
        """The rows gathered since last asked."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, about: Attributes) -> None:
        tag = local(name)
        if tag == "c":
            self._begin_cell(about)
        elif tag in ("v", "t"):
            self._listening = True
        elif tag == "row":
            self._row = int(about.get("r", self._row + 1))
            self._cells, self._column = [], -1
        elif tag == "f":
            raise FormulaFound(cell=self._reference or str(self._row), sheet=self._sheet)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag in ("v", "t"):
            self._listening = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._rows.append((self._row, self._cells))

    def text(self, data: str) -> None:
        if self._listening:
            self._length += len(data)
            if self._length > self._limits.cell_chars:
                raise ArchiveTooLarge(part=self._reference)
            self._parts.append(data)

    def _begin_cell(self, about: Attributes) -> None:
        self._reference = about.get("r", "")
        column = column_index(self._reference) if self._reference else self._column + 1
        if column <= self._column:
            raise WorkbookUnreadable(part=self._reference)
        self._column = column
        self._kind, self._style = about.get("t", "n"), about.get("s", "0")
        self._parts.clear()
        self._length = 0

    def _end_cell(self) -> None:
        value = self._value("".join(self._parts)) if self._parts else ""
        if not value:
            return  # a formatted cell without content
        if self._column >= self._limits.columns:
            raise ColumnsTooMany(columns=self._column + 1, limit=self._limits.columns)
        missing = self._column - len(self._cells)
        if missing:
            self._cells.extend([""] * missing)
        self._cells.append(value)

    def _value(self, said: str) -> str:
        if self._kind == "s":
            return self._shared[int(said)]
        if self._kind == "b":
            return "true" if said.strip() == "1" else "false"
        if self._kind == "n":
            return self._number(said)
        return said

    def _number(self, said: str) -> str:
        if self._style in self._styles.dates:
            return self._date(float(said), said)
        if said.isdigit() and len(said) <= 15:
            return said
        if self._style in self._styles.percents:
            return f"{number_text(round(float(said) * 100, 12))}%"
        return number_text(float(said))

    def _date(self, serial: float, said: str) -> str:
        if not 0 <= serial < 2_958_466:
            return said
        moment = self._epoch + timedelta(seconds=round(serial * 86_400))
        has_time = moment.hour or moment.minute or moment.second
        return moment.isoformat(sep=" ") if has_time else moment.date().isoformat()


def column_index(reference: str) -> int:
    """The zero-based column of a cell such as `BC12`. Raises ValueError."""
    index = 0
    for letter in reference.rstrip("0123456789"):
        if not "A" <= letter <= "Z":
            raise ValueError(reference)
        index = index * 26 + ord(letter) - 64
    return index - 1
