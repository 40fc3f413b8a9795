"""The sample goes in by the same door as a lender's files: as files, through intake."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from recoup.foundation import db
from recoup.interfaces.cli.sample.tables import Tables, write
from recoup.modules.intake import services as intake
from recoup.modules.intake.abs_ee.book import Book
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.services import Progress
from recoup.modules.ledger import services as ledger
from recoup.modules.parties import services as parties

# Which payment a tape takes back: by the loan's number and the payment's reference.
PAYMENTS = """
SELECT p.id, g.returned_on
  FROM unnest(%(numbers)s::text[], %(references)s::text[], %(days)s::date[])
           AS g (number, reference, returned_on)
  JOIN contracts_contract c ON c.number = g.number
  JOIN ledger_payment p ON p.contract_id = c.id AND p.reference = g.reference
 ORDER BY p.id
"""
Tell = Callable[[str, float], object]


class SampleNotClean(Exception):
    """Rows of the sample were refused: the sample or the rules of intake have changed."""


def hand_over(
    code: str,
    name: str,
    currency: str,
    tables: Tables,
    *,
    at: datetime,
    tell: Tell = lambda what, share: None,
) -> list[BatchRow]:
    """Take in the tables of a lender, a file for each kind; a second time changes nothing.

    Raises SampleNotClean if a row was refused.
    """
    parties.add_lender(code=code, name=name, currency=currency)
    batches = list[BatchRow]()
    with TemporaryDirectory(prefix="recoup-sample-") as folder:
        for kind, rows in tables.items():
            file = write(rows, Path(folder) / f"{code.lower()}-{kind}.parquet")

            def progress(done: Progress, what: str = f"{name}: {kind}") -> None:
                tell(what, done.fraction)

            batches.append(
                intake.take_in(
                    path=file,
                    lender_code=code,
                    kind=kind,
                    actor_id=None,
                    at=at,
                    progress=progress,
                )
            )
            if batches[-1].rows_bad:
                raise SampleNotClean(f"{code} {kind}: {batches[-1].rows_bad} rows refused")
    return batches


def record_returns(books: Iterable[Book], at: datetime) -> None:
    """What the tapes take back; the night of that day books it. A second time changes nothing."""
    returned = [
        (book.loan.number, payment.reference, payment.returned_on)
        for book in books
        for payment in book.payments
        if payment.returned_on is not None
    ]
    columns: tuple[list[object], ...] = tuple(map(list, zip(*returned, strict=True))) or ([],) * 3
    rows = db.ask(PAYMENTS, dict(zip(("numbers", "references", "days"), columns, strict=True)))
    ledger.record_returns(
        returns=[(row["id"], row["returned_on"]) for row in rows],
        reason="taken back on the servicer's tape",
        actor_id=None,
        at=at,
    )
