"""The quarantine as a CSV file: a row per reason, in the reader's language, with the row itself."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from recoup.modules.intake import queries
from recoup.modules.intake.queries import FaultRow

# A spreadsheet would run these as formulas; a leading apostrophe makes them text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def quarantine_csv(batch_id: int) -> Iterator[str]:
    """The lines of the file, portion by portion."""
    batch = queries.batch(batch_id)
    header = batch.columns if batch else []
    yield _line([_("Row"), _("Column"), _("Cell"), _("Reason"), _("Code"), *header])
    for fault in queries.every_fault(batch_id):
        reason = said(fault)
        yield _line(
            [str(fault.row_number), fault.column, fault.value, reason, fault.code, *fault.raw]
        )


def said(fault: FaultRow) -> str:
    """Why, in the reader's language."""
    return _(fault.sentence) % fault.params if fault.params else _(fault.sentence)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
