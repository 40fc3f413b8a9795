"""What the nights said of the real loans, beside what their servicer and their panel say."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from recoup.interfaces.cli.replay import report
from recoup.interfaces.cli.replay.agreement import (
    BUCKETS,
    Compared,
    bucket,
    bucket_counts,
    by_loan,
    differing,
    roll_counts,
    shares,
)
from recoup.interfaces.cli.replay.payments_held import (
    Outcome,
    first_of_three_unpaid,
    months_of,
    reference,
    share_without_payment,
)
from recoup.modules.intake.abs_ee.book import Book
from recoup.modules.intake.abs_ee.tape import Closing

DaysLate = dict[tuple[str, date], int]
Held = dict[str, dict[str, int]]


def compared(books: Iterable[Book], days_late: DaysLate) -> list[Compared]:
    """Every month of every loan: the servicer's days past due and the night's.

    We say nothing of a loan that is closed or whose car is repossessed, as the servicer does. In
    a loan's first month the servicer says nothing of some loans; we follow it there.
    """
    rows = list[Compared]()
    for book in books:
        for place, month in enumerate(book.loan.months):
            is_silent = month.closing is not None or month.is_repossessed
            if place == 0 and month.days_late is None:
                is_silent = True
            ours = None if is_silent else days_late.get((book.loan.number, month.ends_on), 0)
            rows.append(
                Compared(
                    number=book.loan.number,
                    ends_on=month.ends_on,
                    servicer=month.days_late,
                    ours=ours,
                    is_opening=place == 0,
                    shows_due_day=book.due_day_seen_on == month.ends_on,
                )
            )
    return rows


def servicer_section(rows: list[Compared]) -> Iterator[str]:
    """Agreement with the servicer's days past due, and the roll counts of both."""
    replayed = [row for row in rows if not row.is_opening]
    free = [row for row in replayed if not row.shows_due_day]
    late = [row for row in free if row.servicer]
    yield from report.share_table(
        {
            "all months with a figure": shares(rows),
            "without the opening months": shares(replayed),
            "and without the months that show the due day": shares(free),
            "of these, the late ones": shares(late),
        }
    )
    loans = list(by_loan(rows))
    theirs = [[row.servicer for row in months] for months in loans]
    ours = [[row.ours for row in months] for months in loans]
    yield from report.bucket_table(
        bucket_counts(d for loan in theirs for d in loan),
        bucket_counts(d for loan in ours for d in loan),
    )
    yield from report.roll_table(roll_counts(theirs), roll_counts(ours))
    apart = differing(rows)
    yield f"Months on which the figures differ: {len(apart)}."
    yield ""
    if apart:
        yield from report.difference_table(apart)


def totals_section(
    books: list[Book], held: Held, booked: int, returned: int, said: dict[str, Outcome]
) -> Iterator[str]:
    """The panel's reference figures, counted from what the ledger holds."""
    expected = reference()
    received = sum(sum(months.values()) for months in held.values())
    share = share_without_payment(books, held, said)
    flagged = {book.loan.number: is_defaulted(book, held) for book in books}
    same = sum(flagged[number] == outcome.defaulted for number, outcome in said.items())
    yield from report.table(
        ("Figure", "reference", "ours"),
        (
            ("loans", expected["km_no_default_all"]["n"], len(books)),
            ("payments received, USD", expected["sum_total_paid"], f"{received / 100:.2f}"),
            ("of these returned later, USD", "not given", f"{returned / 100:.2f}"),
            ("standing by the ledger's entries, USD", "not given", f"{booked / 100:.2f}"),
            (
                "share of active months without payment",
                expected["share_of_active_loan_months_with_no_payment"],
                f"{share:.6f}",
            ),
            (
                "loans with three months in a row unpaid",
                expected["km_no_default_all"]["defaults"],
                sum(flagged.values()),
            ),
            ("loans on which that flag agrees", len(said), same),
        ),
    )


def is_defaulted(book: Book, held: Held) -> bool:
    """The panel's definition: three months in a row without payment, and not fully repaid."""
    first = first_of_three_unpaid(months_of(book), held.get(book.loan.number, {}))
    return first is not None and book.closing is not Closing.SETTLED


def lateness_section(books: list[Book], held: Held, days_late: DaysLate) -> Iterator[str]:
    """Where the loans which the panel calls defaulted or charged off stood in our nights."""
    third, charged_off = Counter[str](), Counter[str]()
    for book in books:
        number, ends = book.loan.number, [month.ends_on for month in book.loan.months]
        if is_defaulted(book, held):
            first = first_of_three_unpaid(months_of(book), held.get(number, {})) or 1
            third[bucket(days_late.get((number, ends[first + 2]), 0))] += 1
        closed = next((i for i, m in enumerate(book.loan.months) if m.closing), None)
        if book.closing is Closing.CHARGED_OFF and closed:
            charged_off[bucket(days_late.get((number, ends[closed - 1]), 0))] += 1
    yield from report.table(
        ("Our days past due", *BUCKETS[:-1]),
        (
            ("at the end of the third unpaid month", *(third[name] for name in BUCKETS[:-1])),
            ("a month before the charge-off", *(charged_off[name] for name in BUCKETS[:-1])),
        ),
    )


def year_section(books: list[Book], days_late: DaysLate) -> Iterator[str]:
    """Open loans by bucket at each half-year's end."""
    counted = dict[date, Counter[str]]()
    for book in books:
        for month in book.loan.months:
            if month.ends_on.month in (6, 12) and month.closing is None:
                days = days_late.get((book.loan.number, month.ends_on), 0)
                counted.setdefault(month.ends_on, Counter())[bucket(days)] += 1
    yield from report.table(
        ("Month end", "open loans", *(f"{name} %" for name in BUCKETS[:-1])),
        (
            (
                ends_on,
                counts.total(),
                *(f"{100 * counts[name] / counts.total():.1f}" for name in BUCKETS[:-1]),
            )
            for ends_on, counts in sorted(counted.items())
        ),
    )
