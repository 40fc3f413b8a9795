"""Files as lenders send them, and as they should not."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

PAYMENTS = (
    "contract_number,paid_on,amount,reference\n"
    "HT-001,2026-10-15,1000.00,BK1\n"
    "HT-001,2026-11-15,1000.00,BK2\n"
)
PAYMENTS_HEADER = "contract_number,paid_on,amount,reference\n"


def write(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def workbook(
    folder: Path, rows: Sequence[Sequence[object]], *, formula: str = "", name: str = "file.xlsx"
) -> Path:
    """A workbook with these rows; a formula, if any, stands in the last row's third cell."""
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("数据")
        percent = book.add_format({"num_format": "0.00%"})
        for index, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, float) and 0 < cell < 1:
                    sheet.write_number(index, column, cell, percent)
                else:
                    sheet.write(index, column, cell)
        if formula:
            sheet.write_formula(len(rows) - 1, 2, formula)
    return path


def repacked(path: Path, changes: dict[str, bytes]) -> Path:
    """The same archive with some members replaced or added."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()} | changes
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    path.write_bytes(out.getvalue())
    return path
