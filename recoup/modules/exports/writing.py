"""An export as a file: visible lines, headings, harmless cells, hidden marks. CSV or workbook.

Nothing is written to a disk in the clear: CSV is a stream, a workbook is made in memory.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from recoup.core.arrears import bucket_code
from recoup.modules.exports import lists, watermark
from recoup.modules.exports.lists import Column, Kind
from recoup.modules.exports.rules import FileFormat, Wanted

Say = Callable[[str, str], str]
# A spreadsheet would run these as formulas (OWASP, CSV injection), full-width ones in CJK Excel.
FORMULA_STARTS = tuple("=+-@\t\r\n|%＝＋－＠")
_MARK_OF_UTF8 = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Sheet:
    """What is to be written; `sketch` and `rows_written` grow while it is read."""

    export_id: int
    secret: bytes
    wanted: Wanted
    line: str
    rows: Iterable[dict[str, Any]]
    say: Say
    rows_written: int = 0
    sketch: bytes = b""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The list's columns."""
        return lists.COLUMNS[self.wanted.list_code]

    @property
    def headings(self) -> list[str]:
        """The columns' headings in the reader's language, and that of the row checks."""
        return [*(str(column.heading) for column in self.columns), _("Row check")]

    def lines(self) -> Iterator[list[object]]:
        """Every row, marked."""
        for row in self.rows:
            self.rows_written += 1
            yield self._line(row)

    def _line(self, row: dict[str, Any]) -> list[object]:
        key = lists.identifier(row, self.wanted)
        self.sketch += watermark.sketch_of(key, self.secret)
        line = [
            self._shown(value, column)
            for value, column in zip(lists.cells(row, self.columns), self.columns, strict=True)
        ]
        self._mark(line, key)
        return [*line, watermark.row_check(key, self.secret)]

    def _shown(self, value: object, column: Column) -> object:
        if column.kind is Kind.CODE:
            return harmless(self.say(column.label, str(value)) if value else "")
        if column.kind is Kind.BUCKET:
            return bucket_code(int(str(value)))
        return harmless(value) if isinstance(value, str) else value

    def _mark(self, line: list[object], key: str) -> None:
        """Put the invisible characters behind the first letter of one of the row's texts."""
        places = [i for i, c in enumerate(self.columns) if c.carries and line[i]]
        if not places:
            return
        place = places[watermark.marked_place(key, self.secret, len(places))]
        text = str(line[place])
        line[place] = text[:1] + watermark.hidden(self.export_id, self.secret) + text[1:]


def harmless(text: str) -> str:
    """A text no spreadsheet runs: what begins like a formula gets an apostrophe in front."""
    clean = "".join(c if c.isprintable() or c == " " else " " for c in text)
    bare = watermark.without_marks(clean).lstrip()
    return f"'{clean}" if bare.startswith(FORMULA_STARTS) else clean


def write(sheet: Sheet, file_format: FileFormat) -> Iterator[bytes]:
    """The file, piece by piece."""
    return _workbook(sheet) if file_format is FileFormat.XLSX else _csv(sheet)


def _csv(sheet: Sheet) -> Iterator[bytes]:
    yield _MARK_OF_UTF8
    yield _csv_line([sheet.line])
    yield _csv_line(sheet.headings)
    for line in sheet.lines():
        yield _csv_line([_csv_cell(value) for value in line])
    yield _csv_line([sheet.line])


def _csv_line(values: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue().encode()


def _csv_cell(value: object) -> str:
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _workbook(sheet: Sheet) -> Iterator[bytes]:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": sheet.line, "comments": sheet.line})
    formats = {
        "line": book.add_format({"font_color": "#666666", "italic": True}),
        "head": book.add_format({"bold": True, "bottom": 1}),
        Kind.MONEY: book.add_format({"num_format": "#,##0.00"}),
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    page = book.add_worksheet()
    page.set_header(f"&L&8{_printed(sheet.line)}")
    page.set_footer(f"&L&8{_printed(sheet.line)}&R&8&P / &N")
    page.repeat_rows(0, 1)
    page.freeze_panes(2, 0)
    page.set_column(0, len(sheet.headings) - 1, 16)
    page.write_string(0, 0, sheet.line, formats["line"])
    for place, heading in enumerate(sheet.headings):
        page.write_string(1, place, heading, formats["head"])
    row = 2
    for row, line in enumerate(sheet.lines(), start=2):
        for place, value in enumerate(line):
            _write_cell(page, row, place, value, formats)
    page.write_string(row + 1, 0, sheet.line, formats["line"])
    book.close()
    yield out.getvalue()


def _write_cell(page: Any, row: int, place: int, value: object, formats: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        page.write_datetime(row, place, localtime(value).replace(tzinfo=None), formats[Kind.MOMENT])
    elif isinstance(value, date):
        page.write_datetime(row, place, value, formats[Kind.DAY])
    elif isinstance(value, Decimal):
        page.write_number(row, place, value, formats[Kind.MONEY])
    elif isinstance(value, int):
        page.write_number(row, place, value)
    elif value:
        page.write_string(row, place, str(value))


def _printed(line: str) -> str:
    """A header's text: & is a command there, and 255 characters are the most."""
    return line.replace("&", "&&")[:200]
