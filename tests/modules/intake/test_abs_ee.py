"""From a servicer's tape to a loan account: each rule on a small loan, then all real loans."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from recoup.core.account import position
from recoup.core.calendar import month_end
from recoup.modules.intake.abs_ee import derive, files
from recoup.modules.intake.abs_ee.book import Book, Extension, dues_on, replayed
from recoup.modules.intake.abs_ee.tape import Closing, TapeLoan, TapeMonth

SAMPLE = Path(__file__).resolve().parents[3] / "sample"
END = date(2024, 1, 1)
# Diego borrowed 12,000 at 12 %; at the end of 2019 he owes 5,000, pays 500 a month, nothing late.
OPENING = TapeMonth(
    ends_on=date(2019, 12, 31),
    paid_minor=500_00,
    balance_minor=5_000_00,
    next_due_minor=500_00,
    paid_through_on=date(2019, 12, 14),
    matures_in=date(2020, 11, 1),
)
DIEGO = TapeLoan(
    number="D-1",
    series="Trust 2019-1",
    originated_in=date(2018, 8, 1),
    amount_minor=12_000_00,
    rate_micro=120_000,
    term_months=26,
    first_due_in=date(2018, 10, 1),
    matures_in=date(2020, 11, 1),
    level_minor=500_00,
    remaining_months=11,
    make="FORD",
    model="FOCUS",
    model_year=2015,
    is_new=False,
    value_minor=None,
    credit_score=640,
    region="TX",
    months=(OPENING,),
)


def diego(*months: TapeMonth, opening: TapeMonth = OPENING) -> Book:
    return derive.book(replace(DIEGO, months=(opening, *months)), END)


def paid(year: int, month: int, minor: int, **said: object) -> TapeMonth:
    ends_on = month_end(date(year, month, 1))
    return replace(TapeMonth(ends_on=ends_on, paid_minor=minor), **said)  # type: ignore[arg-type]


def days_late(book: Book, on: date) -> int:
    return position(replayed(book, on), on).dpd_raw


def test_the_level_schedule_repays_the_balance_and_the_rest_was_repaid_before():
    book = diego()
    before, *dues = book.dues

    assert [due.principal + due.interest for due in dues[:3]] == [500_00] * 3
    assert dues[0].interest == 50_00  # a month of 12 % on 5,000
    assert sum(due.principal for due in dues) == 5_000_00
    assert (before.principal, before.principal_paid) == (7_000_00, 7_000_00)
    assert book.principal_minor == 12_000_00
    assert [due.seq for due in book.dues] == list(range(15, 15 + len(book.dues)))
    assert [due.due_on for due in dues[:2]] == [date(2020, 1, 14), date(2020, 2, 14)]


def test_what_was_past_due_when_the_loan_came_is_open_on_the_months_before():
    book = diego(opening=replace(OPENING, next_due_minor=1_300_00, days_late=31))

    owed = [due for due in book.dues[1:] if due.due_on <= OPENING.ends_on]

    # Due day: 31 December less 31 days. 800 past due: all of December's, 300 of November's.
    assert book.due_day == 30
    assert [
        (due.due_on, due.principal + due.interest - due.principal_paid - due.interest_paid)
        for due in owed
    ] == [(date(2019, 11, 30), 300_00), (date(2019, 12, 30), 500_00)]
    assert days_late(book, OPENING.ends_on) == 31


def test_paid_ahead_when_the_loan_came_counts_for_the_next_dues():
    book = diego(opening=replace(OPENING, next_due_minor=120_00))

    assert days_late(book, date(2020, 1, 31)) == 17  # 120 are still owed on 14 January
    assert position(replayed(book, date(2020, 1, 31)), date(2020, 1, 31)).overdue_total == 120_00


def test_before_its_first_due_date_a_loan_keeps_what_it_paid():
    new = replace(DIEGO, first_due_in=date(2020, 1, 1), months=(OPENING,))

    assert days_late(derive.book(new, END), date(2020, 1, 31)) == 0
    assert days_late(derive.book(new, END), date(2020, 2, 29)) == 15


def test_the_due_day_is_read_off_the_first_month_end_on_which_the_loan_is_late():
    book = diego(paid(2020, 1, 500_00, days_late=0), paid(2020, 2, 0, days_late=9))

    assert (book.due_day, book.due_day_seen_on) == (20, date(2020, 2, 29))


def test_nine_tenths_of_a_payment_are_enough_not_to_be_late():
    enough, too_little = diego(paid(2020, 1, 450_00)), diego(paid(2020, 1, 449_99))

    assert days_late(enough, date(2020, 1, 31)) == 0
    assert days_late(too_little, date(2020, 1, 31)) == 17


def test_a_fee_that_was_collected_does_not_pay_an_instalment():
    book = diego(paid(2020, 1, 500_00, fees_minor=60_00))

    account = replayed(book, date(2020, 1, 31))

    assert position(account, date(2020, 1, 31)).dpd_raw == 17
    assert sum(due.cost for due in book.dues) == 60_00


def test_an_extension_moves_what_is_unpaid_and_nothing_else():
    later = date(2021, 1, 1)
    book = diego(paid(2020, 1, 500_00), paid(2020, 2, 0), paid(2020, 3, 0, matures_in=later))
    with_maturity = replace(
        book.loan,
        months=tuple(
            month if month.matures_in else replace(month, matures_in=OPENING.matures_in)
            for month in book.loan.months
        ),
    )
    book = derive.book(with_maturity, END)

    assert book.extensions == (Extension(date(2020, 3, 1), 2),)
    assert days_late(book, date(2020, 2, 29)) == 15
    assert days_late(book, date(2020, 3, 31)) == 0
    assert [due.due_on for due in dues_on(book, END)[1:3]] == [
        date(2020, 1, 14),
        date(2020, 4, 14),
    ]


def test_a_balance_that_rises_takes_back_the_latest_money():
    book = diego(
        paid(2020, 1, 500_00, balance_minor=4_550_00, principal_minor=450_00),
        paid(2020, 2, 30_00, balance_minor=5_000_00),
    )

    assert [(p.amount_minor, p.returned_on) for p in book.payments] == [
        (80_00, None),
        (420_00, date(2020, 2, 29)),
        (30_00, date(2020, 2, 29)),
    ]
    assert days_late(book, date(2020, 1, 31)) == 0
    assert days_late(book, date(2020, 2, 29)) == 46


def test_a_settled_loan_owes_nothing_more_and_its_dues_are_what_was_paid():
    book = diego(
        paid(2020, 1, 500_00, balance_minor=4_550_00),
        paid(2020, 2, 4_580_00, balance_minor=0, closing=Closing.SETTLED),
    )

    account = replayed(book, date(2020, 12, 31))

    assert book.closing is Closing.SETTLED
    assert position(account, date(2020, 12, 31)).overdue_total == 0
    assert position(account, date(2020, 12, 31)).outstanding_principal == 0
    assert account.unallocated == 0
    assert sum(due.interest for due in book.dues) == 80_00  # what was paid above the balance


def test_later_months_are_not_known_earlier():
    months = (paid(2020, 1, 500_00), paid(2020, 2, 4_580_00, closing=Closing.SETTLED))
    loan = replace(DIEGO, months=(OPENING, *months))

    book = derive.book(loan, date(2020, 1, 31))

    assert book.closing is None
    assert len(book.payments) == 1


@pytest.fixture(scope="module")
def real_books() -> list[Book]:
    loans = files.read_monthly(SAMPLE / "americredit_panel" / "loan_months.csv.gz")
    return [derive.book(loan, END) for loan in loans]


def test_days_past_due_of_real_loans_are_those_of_their_servicer(real_books: list[Book]):
    differing = [
        (book.loan.number, month.ends_on)
        for book in real_books
        for month in book.loan.months
        if month.days_late is not None and days_late(book, month.ends_on) != month.days_late
    ]

    assert len(real_books) == 39
    assert sum(month.days_late is not None for b in real_books for month in b.loan.months) == 784
    assert differing == []


def test_each_due_day_is_the_same_on_every_month_end_that_shows_it(real_books: list[Book]):
    for book in real_books:
        for month in book.loan.months:
            if month.days_late:
                assert derive.due_day(replace(book.loan, months=(month,)))[0] == book.due_day


def test_the_panel_sums_to_its_reference_figures():
    panel = SAMPLE / "auto_abs_panel"
    expected = json.loads((panel / "reference_reports.json").read_text())
    loans = files.read_panel(panel / "loans.parquet", panel / "months.parquet")

    paid_in = sum(month.paid_minor for loan in loans for month in loan.months[1:])
    booked = sum(p.amount_minor for loan in loans for p in derive.book(loan, END).payments)

    assert len(loans) == expected["km_no_default_all"]["n"]
    assert paid_in == booked == round(expected["sum_total_paid"] * 100) == 7_919_934_929
