"""The real portfolio: loans from the tapes in `sample/`, with made-up people and plates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recoup.interfaces.cli.sample import people
from recoup.interfaces.cli.sample.tables import Tables, empty, major, per_cent
from recoup.modules.intake.abs_ee import derive, files
from recoup.modules.intake.abs_ee.book import ALLOCATION_RULE, TOLERANCE_PCT, Book, dues_on, on_day
from recoup.modules.intake.abs_ee.tape import TapeLoan
from recoup.modules.intake.rules import RowKind

FOLDER = Path(__file__).resolve().parents[4] / "sample"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A lender of real loans."""

    code: str
    name: str
    loans: tuple[TapeLoan, ...]


def americredit(folder: Path = FOLDER) -> Portfolio:
    """39 loans with the servicer's own days past due."""
    file = folder / "americredit_panel" / "loan_months.csv.gz"
    return Portfolio("AMERICREDIT", "AmeriCredit Trusts", files.read_monthly(file))


def ally(folder: Path = FOLDER) -> Portfolio:
    """5,172 loans with what was paid each month."""
    panel = folder / "auto_abs_panel"
    loans = files.read_panel(panel / "loans.parquet", panel / "months.parquet")
    return Portfolio("ALLY", "Ally Auto Trusts", loans)


def books_of(portfolio: Portfolio, until: date) -> list[Book]:
    """Every loan that had come by then, as known on that day."""
    return [derive.book(loan, until) for loan in portfolio.loans if loan.opening.ends_on <= until]


def tables_of(books: Iterable[Book], as_of: date) -> Tables:
    """The standard layout of these loans, their schedules as they stood on a day."""
    tables = empty()
    for number, book in enumerate(books, 1):
        _add_person(tables, book.loan)
        _add_contract(tables, book)
        _add_vehicle(tables, book.loan, number)
        _add_money(tables, book, as_of)
    return tables


def _add_person(tables: Tables, loan: TapeLoan) -> None:
    person = people.american(loan.number, loan.region)
    tables[RowKind.PARTIES].append(
        {
            "party_ref": loan.number,
            "name": person.name,
            "kind": "PERSON",
            "born_on": person.born_on,
            "language": person.language,
            "region": loan.region,
            "credit_score": loan.credit_score,
            "is_synthetic": True,
        }
    )
    tables[RowKind.CONTACTS] += [
        {
            "party_ref": loan.number,
            "kind": kind,
            "value": value,
            "holder": holder,
            "is_synthetic": True,
        }
        for kind, value, holder in (
            ("MOBILE", person.mobile, "SELF"),
            ("PHONE", person.relative_mobile, "RELATIVE"),
            ("ADDRESS", person.address, "SELF"),
        )
        if kind != "PHONE" or person.relative_mobile != person.mobile
    ]


def _add_contract(tables: Tables, book: Book) -> None:
    loan = book.loan
    first_due_on = max(on_day(loan.first_due_in, book.due_day), loan.originated_in)
    tables[RowKind.CONTRACTS].append(
        {
            "contract_number": loan.number,
            "borrower_ref": loan.number,
            "product": loan.series,
            "currency": "USD",
            "principal": major(book.principal_minor),
            "annual_rate": per_cent(loan.rate_micro),
            "term_months": loan.term_months,
            "method": "EQUAL_INSTALMENT",
            "signed_on": loan.originated_in,
            "first_due_on": first_due_on,
            "matures_on": max(on_day(loan.matures_in, book.due_day), first_due_on),
            "region": loan.region,
            "state": book.closing.value if book.closing else "ACTIVE",
            "penalty_multiplier": 0,
            "tolerance_pct": TOLERANCE_PCT,
            "allocation_rule": ALLOCATION_RULE,
        }
    )


def _add_vehicle(tables: Tables, loan: TapeLoan, number: int) -> None:
    tables[RowKind.VEHICLES].append(
        {
            "contract_number": loan.number,
            "make": loan.make or "?",
            "model": loan.model,
            "model_year": loan.model_year,
            "is_new": loan.is_new,
            "plate": people.american_plate(number),
            "vin": people.vin(loan.number),
            "value": major(loan.value_minor) if loan.value_minor else None,
            "valued_on": loan.originated_in,
            "is_synthetic": True,
        }
    )


def _add_money(tables: Tables, book: Book, as_of: date) -> None:
    number = book.loan.number
    dues = dues_on(book, as_of) if book.extensions else book.dues
    tables[RowKind.INSTALMENTS] += [
        {
            "contract_number": number,
            "seq": due.seq,
            "due_on": due.due_on,
            "principal": major(due.principal),
            "interest": major(due.interest),
            "cost": major(due.cost),
            "principal_paid": major(due.principal_paid),
            "interest_paid": major(due.interest_paid),
        }
        for due in dues
    ]
    tables[RowKind.PAYMENTS] += [
        {
            "contract_number": number,
            "paid_on": payment.value_on,
            "amount": major(payment.amount_minor),
            "channel": "SERVICER",
            "reference": payment.reference,
        }
        for payment in book.payments
    ]
