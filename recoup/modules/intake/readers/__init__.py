"""Readers: a file of any format becomes a header and numbered rows of text, safely.

Everything else sees text only, so that a date or an amount means the same in every format.
"""

from pathlib import Path

from recoup.modules.intake.limits import DEFAULT, Limits
from recoup.modules.intake.mapping import Spec
from recoup.modules.intake.readers.csv_file import CsvReader
from recoup.modules.intake.readers.inspection import FileFormat, Inspection, inspect
from recoup.modules.intake.readers.parquet_file import ParquetReader
from recoup.modules.intake.readers.table import Reader, Row
from recoup.modules.intake.readers.xlsx_file import XlsxReader

__all__ = ["FileFormat", "Inspection", "Reader", "Row", "inspect", "open_table"]


def open_table(path: Path, seen: Inspection, spec: Spec, limits: Limits = DEFAULT) -> Reader:
    """The reader for an inspected file. Raises a refusal of `refusals` for what is broken."""
    if seen.format is FileFormat.PARQUET:
        return ParquetReader(path, limits)
    if seen.format is FileFormat.XLSX:
        return XlsxReader(path, spec.sheet, limits)
    return CsvReader(path, seen.encoding, spec.delimiter, limits)
