"""The panel's reference figures, counted anew from the payments the ledger holds."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyarrow import parquet

from recoup.foundation import db
from recoup.interfaces.cli.sample.real_loans import FOLDER
from recoup.modules.intake.abs_ee.book import Book

PANEL = FOLDER / "auto_abs_panel"
# A month of the tape is a month of value dates; a loan is observed until `obs_end_month`.
PAID_MONTHS = """
SELECT c.number, to_char(p.value_on, 'YYYY-MM') AS month, sum(p.amount_minor)::bigint AS minor
  FROM ledger_payment p
  JOIN contracts_contract c ON c.id = p.contract_id
  JOIN parties_lender l ON l.id = c.lender_id
 WHERE l.code = %(lender)s
 GROUP BY c.number, month
"""
BOOKED = """
SELECT coalesce(sum(CASE WHEN debit = 1 THEN amount_minor
                         WHEN credit = 1 THEN -amount_minor END), 0) AS minor
  FROM ledger_entry e
  JOIN contracts_contract c ON c.id = e.contract_id
  JOIN parties_lender l ON l.id = c.lender_id
 WHERE l.code = %(lender)s
"""
RETURNED = """
SELECT coalesce(sum(p.amount_minor), 0) AS minor
  FROM ledger_reversal v
  JOIN ledger_payment p ON p.id = v.payment_id
  JOIN contracts_contract c ON c.id = p.contract_id
  JOIN parties_lender l ON l.id = c.lender_id
 WHERE l.code = %(lender)s
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the panel says became of a loan."""

    observed_until: int
    defaulted: bool
    repaid: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the reference and ours; `note` says why they differ, or what it is."""

    figure: str
    reference: str
    ours: str
    note: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both read the same."""
        return self.reference == self.ours


def reference() -> dict[str, Any]:
    """The published figures of the panel."""
    return dict(json.loads((PANEL / "reference_reports.json").read_text()))


def outcomes(file: Path = PANEL / "loans.parquet") -> dict[str, Outcome]:
    """The panel's own outcome of each loan."""
    names = ["loan_id", "obs_end_month", "defaulted", "repaid"]
    rows = parquet.read_table(file, columns=names).to_pylist()
    return {
        row["loan_id"]: Outcome(row["obs_end_month"], row["defaulted"] == 1, row["repaid"] == 1)
        for row in rows
    }


def paid_months(lender: str) -> dict[str, dict[str, int]]:
    """What the ledger holds as received, by loan and month, in minor units."""
    held = defaultdict[str, dict[str, int]](dict)
    for row in db.ask(PAID_MONTHS, {"lender": lender}):
        held[row["number"]][row["month"]] = row["minor"]
    return held


def booked_minor(lender: str) -> int:
    """What the entries say came into the bank, less what left it again."""
    return int(db.ask(BOOKED, {"lender": lender})[0]["minor"])


def returned_minor(lender: str) -> int:
    """The payments that were reversed."""
    return int(db.ask(RETURNED, {"lender": lender})[0]["minor"])


def months_of(book: Book) -> list[str]:
    """The reported months after the opening."""
    return [month.ends_on.strftime("%Y-%m") for month in book.loan.months[1:]]


def share_without_payment(
    books: Iterable[Book], held: dict[str, dict[str, int]], said: dict[str, Outcome]
) -> float:
    """Of all months before a loan's observation ended, the share without any payment."""
    active = unpaid = 0
    for book in books:
        number = book.loan.number
        for month in months_of(book)[: said[number].observed_until - 1]:
            active += 1
            unpaid += not held.get(number, {}).get(month)
    return unpaid / active


def first_of_three_unpaid(months: list[str], held: dict[str, int]) -> int | None:
    """The number (from 1) of the first of three months in a row without payment."""
    for start in range(len(months) - 2):
        if not any(held.get(month) for month in months[start : start + 3]):
            return start + 1
    return None
