"""Driving real loans month by month through the product's own intake, ledger and night."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from recoup.foundation import db
from recoup.interfaces.cli.sample.handing_over import hand_over, record_returns
from recoup.interfaces.cli.sample.real_loans import Portfolio, tables_of
from recoup.interfaces.worker.night import run_night
from recoup.modules.intake.abs_ee import derive
from recoup.modules.intake.abs_ee.book import Book
from recoup.modules.ledger import services as ledger

LAST_DAY = date(9999, 12, 31)
Tell = Callable[[str], None]
SNAPSHOT = """
SELECT c.number, s.dpd_raw
  FROM arrears_snapshot s
  JOIN contracts_contract c ON c.id = s.contract_id
 WHERE s.as_of = %(as_of)s
"""
CONTRACTS = "SELECT number, id FROM contracts_contract"


@dataclass(frozen=True, slots=True)
class Driven:
    """What the nights said: days past due by loan and month end; a loan not late is not there."""

    books: tuple[Book, ...]
    nights: int
    days_late: dict[tuple[str, date], int]


def drive(portfolios: Iterable[Portfolio], at: datetime, tell: Tell) -> Driven:
    """Every month of these loans: what came in, what was moved or returned, then the night."""
    arriving = defaultdict[date, list[tuple[Portfolio, list[Book]]]](list)
    for portfolio in portfolios:
        for ends_on, books in _by_arrival(portfolio):
            arriving[ends_on].append((portfolio, books))
    every = tuple(book for batches in arriving.values() for _, books in batches for book in books)
    days_late = dict[tuple[str, date], int]()
    ends = sorted({month.ends_on for book in every for month in book.loan.months})
    for number, ends_on in enumerate(ends, 1):
        for portfolio, books in arriving[ends_on]:
            hand_over(portfolio.code, portfolio.name, "USD", tables_of(books, ends_on), at=at)
            record_returns(books, at)
        _extend(every, ends_on, at)
        run_night(as_of=ends_on)
        rows = db.ask(SNAPSHOT, {"as_of": ends_on})
        days_late |= {(row["number"], ends_on): row["dpd_raw"] for row in rows}
        tell(f"{number}/{len(ends)} {ends_on}")
    return Driven(every, len(ends), days_late)


def _by_arrival(portfolio: Portfolio) -> Iterator[tuple[date, list[Book]]]:
    """The loans by the month end at which they came, each with its whole history."""
    arrived = defaultdict[date, list[Book]](list)
    for loan in portfolio.loans:
        arrived[loan.opening.ends_on].append(derive.book(loan, LAST_DAY))
    yield from sorted(arrived.items())


def _extend(books: Iterable[Book], ends_on: date, at: datetime) -> None:
    """The month's extensions, on what was open at its beginning."""
    for book in books:
        for extension in book.extensions:
            if (extension.on.year, extension.on.month) == (ends_on.year, ends_on.month):
                ledger.extend(
                    contract_id=_contract(book.loan.number),
                    months=extension.months,
                    reason="servicer's extension",
                    actor_id=None,
                    at=at,
                    as_of=ends_on,
                )


def _contract(number: str) -> int:
    rows = db.ask(CONTRACTS + " WHERE number = %(number)s", {"number": number})
    return int(rows[0]["id"])
