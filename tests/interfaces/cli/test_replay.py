"""The agreement with the truth is what docs/replay.md says; if it falls, a test fails."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from recoup.core.account import position
from recoup.interfaces.cli import replay
from recoup.interfaces.cli.replay import agreement, findings, payments_held
from recoup.interfaces.cli.replay.agreement import Compared
from recoup.interfaces.cli.replay.drive import LAST_DAY, drive
from recoup.interfaces.cli.sample import real_loans
from recoup.modules.intake.abs_ee import derive
from recoup.modules.intake.abs_ee.book import Book, replayed
from recoup.modules.intake.abs_ee.tape import TapeLoan

DOC = Path(__file__).resolve().parents[3] / "docs" / "replay.md"
AT = datetime(2024, 2, 29, 9, tzinfo=UTC)


def written(name: str) -> list[str]:
    """A section of the page as it stands."""
    return dict(replay.sections_of(DOC.read_text()))[name]


@pytest.fixture(scope="module")
def tape() -> tuple[TapeLoan, ...]:
    return real_loans.americredit().loans


@pytest.fixture(scope="module")
def panel() -> list[Book]:
    return [derive.book(loan, LAST_DAY) for loan in real_loans.ally().loans]


@pytest.mark.django_db
@pytest.mark.slow
def test_the_nights_of_39_real_loans_agree_with_their_servicer_as_published(tape):
    driven = drive([real_loans.americredit()], AT, lambda what: None)
    rows = findings.compared(driven.books, driven.days_late)
    expected = payments_held.reference()

    assert list(findings.servicer_section(rows)) == written("servicer")
    assert driven.nights == 49
    assert agreement.differing(rows) == []
    loans = [[row.ours for row in months] for months in agreement.by_loan(rows)]
    assert agreement.roll_counts(loans) == expected["americredit_roll_counts"]
    counted = agreement.bucket_counts(days for loan in loans for days in loan)
    assert counted == expected["americredit_bucket_counts"]


@pytest.mark.django_db
@pytest.mark.slow
def test_the_nights_say_of_other_real_loans_what_core_says():
    ally = real_loans.ally()
    later = [loan for loan in ally.loans if loan.series == "AART2019-3_used"]
    few = replace(ally, loans=tuple(later[::120]))

    driven = drive([few], AT, lambda what: None)

    assert len(driven.books) == 20
    assert driven.days_late
    for book in driven.books:
        for month in book.loan.months:
            said = position(replayed(book, month.ends_on), month.ends_on).dpd_raw
            assert driven.days_late.get((book.loan.number, month.ends_on), 0) == said


@pytest.mark.slow
def test_the_panel_sums_are_those_published(panel):
    held = defaultdict[str, dict[str, int]](dict)
    for book in panel:
        months = held[book.loan.number]
        for payment in book.payments:
            month = payment.value_on.strftime("%Y-%m")
            months[month] = months.get(month, 0) + payment.amount_minor
    returned = sum(p.amount_minor for book in panel for p in book.payments if p.returned_on)
    standing = 7_919_934_929 - returned

    lines = findings.totals_section(panel, held, standing, returned, payments_held.outcomes())

    assert list(lines) == written("totals")


def without_due_day(loan: TapeLoan) -> TapeLoan:
    return replace(loan, months=tuple(replace(month, days_late=None) for month in loan.months))


def opening_due(loan: TapeLoan, limit: Callable[[int, int], int]) -> TapeLoan:
    """The loan with what was past due (or paid ahead) at the opening cut off."""
    opening = loan.opening
    due = opening.next_due_minor
    paid = opening.paid_minor if loan.first_due_in <= opening.ends_on or limit is min else 0
    cut = replace(
        opening,
        next_due_minor=None if due is None else limit(due, loan.level_minor),
        paid_minor=paid,
    )
    return replace(loan, months=(cut, *loan.months[1:]))


def agreeing(books: list[Book], tape: tuple[TapeLoan, ...], tolerance: int = 10) -> str:
    """Months with the servicer's figure, and with its bucket, out of all but the opening ones."""
    pairs = [
        (month.days_late, position(replayed(book, month.ends_on, tolerance), month.ends_on).dpd_raw)
        for book, loan in zip(books, tape, strict=True)
        for month in loan.months[1:]
        if month.days_late is not None
    ]
    exact = sum(said == ours for said, ours in pairs)
    bucket = sum(agreement.bucket(said) == agreement.bucket(ours) for said, ours in pairs)
    return f"| {exact} | {bucket} |"


@pytest.mark.slow
def test_what_each_rule_is_worth_is_as_published(tape):
    def derived(change: Callable[[TapeLoan], TapeLoan]) -> list[Book]:
        return [derive.book(change(loan), LAST_DAY) for loan in tape]

    books = derived(lambda loan: loan)
    standing = [
        replace(book, payments=tuple(replace(p, returned_on=None) for p in book.payments))
        for book in books
    ]
    free = [replace(b, dues=tuple(replace(due, cost=0) for due in b.dues)) for b in books]
    worth = {
        "nothing": agreeing(books, tape),
        "the 90 % rule": agreeing(books, tape, tolerance=0),
        "extensions": agreeing([replace(book, extensions=()) for book in books], tape),
        "what was past due at the opening": agreeing(
            derived(lambda loan: opening_due(loan, min)), tape
        ),
        "what was paid ahead at the opening": agreeing(
            derived(lambda loan: opening_due(loan, max)), tape
        ),
        "returned payments": agreeing(standing, tape),
        "fees": agreeing(free, tape),
        "the due day read off (the day of the last payment stands in)": agreeing(
            derived(without_due_day), tape
        ),
    }

    assert [f"| {what} {counts}" for what, counts in worth.items()] == written("rules")[2:]


def test_the_reference_roll_counts_are_the_servicers(tape):
    expected = json.loads((payments_held.PANEL / "reference_reports.json").read_text())

    histories = [[month.days_late for month in loan.months] for loan in tape]

    assert agreement.roll_counts(histories) == expected["americredit_roll_counts"]


def test_buckets_begin_and_end_where_the_reference_says():
    days = (None, 0, 1, 30, 31, 60, 61, 90, 91)

    assert [agreement.bucket(day) for day in days] == [
        "none", "0", "1-30", "1-30", "31-60", "31-60", "61-90", "61-90", "91+",
    ]  # fmt: skip


def month(servicer: int | None, ours: int | None, number: int = 1) -> Compared:
    return Compared("A", date(2020, number, 28), servicer, ours)


def test_agreement_is_counted_only_where_the_servicer_says_something():
    rows = [month(5, 5), month(30, 31), month(10, 14), month(7, None), month(None, 3)]

    exact, by_one, by_three, bucket = agreement.shares(rows)

    assert (exact.hits, by_one.hits, by_three.hits, bucket.hits) == (1, 2, 2, 2)
    assert {share.total for share in (exact, by_one, by_three, bucket)} == {4}
    assert len(agreement.differing(rows)) == 3


def test_only_the_marked_tables_of_the_page_are_rewritten():
    page = "before\n<!-- a -->\nold\n<!-- /a -->\nafter\n<!-- b -->\nkept\n<!-- /b -->\n"

    text = replay.rewritten(page, {"a": ["new", "lines"], "c": ["nowhere"]})

    assert text == page.replace("old", "new\nlines")
