"""From a tape to a book: due day, opening, payments, returns, extensions, closing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from recoup.modules.intake.abs_ee import schedule
from recoup.modules.intake.abs_ee.book import Book, BookPayment, Extension, on_day
from recoup.modules.intake.abs_ee.tape import Closing, TapeLoan, TapeMonth


def book(loan: TapeLoan, until: date) -> Book:
    """The loan as known at the end of `until`: no later month is looked at but for the due day."""
    known = tuple(month for month in loan.months if month.ends_on <= until)
    seen = replace(loan, months=known or loan.months[:1])
    day, seen_on = due_day(loan)
    payments = tuple(payments_of(seen, day))
    closed = next((month for month in known if month.closing), None)
    rows = schedule.parts(seen, day)
    if closed is not None and closed.closing is Closing.SETTLED:
        rows = schedule.capped(rows, seen, closed.ends_on, _paid_by(payments, closed, seen))
    dues = schedule.numbered(seen, rows, _fees(seen))
    return Book(
        loan=seen,
        due_day=day,
        due_day_seen_on=seen_on,
        principal_minor=sum(due.principal for due in dues),
        dues=dues,
        payments=payments,
        extensions=tuple(extensions_of(seen)),
        closing=closed.closing if closed else None,
    )


def due_day(loan: TapeLoan) -> tuple[int, date | None]:
    """The day of the month on which the loan falls due, and the month end that shows it.

    The tape does not name it. The first month end on which the loan is late gives it: that day
    less the days late. A loan never late is taken to fall due on the day up to which its interest
    was paid when it came; at month ends this cannot make a difference to it.
    """
    for month in loan.months:
        if month.days_late:
            return date.fromordinal(month.ends_on.toordinal() - month.days_late).day, month.ends_on
    paid_on = loan.opening.paid_through_on
    return (paid_on.day if paid_on else 1), None


def payments_of(loan: TapeLoan, day: int) -> Iterator[BookPayment]:
    """The payments after the opening; money the tape takes back is parted and marked returned."""
    received = [_payment(month, day) for month in loan.months[1:] if month.paid_minor > 0]
    for before, month in pairwise(loan.months):
        taken_back = _taken_back(before, month)
        if taken_back:
            received = list(_returned(received, month.ends_on, taken_back))
    yield from received


def _payment(month: TapeMonth, day: int) -> BookPayment:
    """A month's money, valued when the tape says interest was paid up to, else when it was due."""
    paid_on, due_on = month.paid_through_on, on_day(month.ends_on, day)
    in_month = paid_on is not None and due_on.replace(day=1) <= paid_on <= month.ends_on
    return BookPayment(
        reference=month.ends_on.strftime("%Y-%m"),
        value_on=paid_on if in_month and paid_on else due_on,
        amount_minor=month.paid_minor,
    )


def _taken_back(before: TapeMonth, month: TapeMonth) -> int:
    """By how much the balance rose: money booked before was taken off again (a returned debit)."""
    if before.balance_minor is None or month.balance_minor is None or month.closing:
        return 0
    return max(0, month.balance_minor - before.balance_minor + max(0, month.principal_minor))


def _returned(received: list[BookPayment], on: date, amount: int) -> Iterator[BookPayment]:
    """The payments with the latest `amount` of them marked as returned."""
    marked = list[BookPayment]()
    for payment in reversed(received):
        part = 0
        if payment.value_on <= on and payment.returned_on is None:
            part = min(amount, payment.amount_minor)
        amount -= part
        if part:
            name = f"{payment.reference}-returned-{on:%Y-%m}"
            marked.append(replace(payment, reference=name, amount_minor=part, returned_on=on))
        if part < payment.amount_minor:
            marked.append(replace(payment, amount_minor=payment.amount_minor - part))
    yield from reversed(marked)


def extensions_of(loan: TapeLoan) -> Iterator[Extension]:
    """A maturity that moves out by months says that everything unpaid moved with it."""
    for before, month in pairwise(loan.months):
        if before.matures_in and month.matures_in:
            years = month.matures_in.year - before.matures_in.year
            moved = 12 * years + month.matures_in.month - before.matures_in.month
            if moved > 0:
                yield Extension(month.ends_on.replace(day=1), moved)


def _fees(loan: TapeLoan) -> dict[date, int]:
    """Fees collected after the opening, by month."""
    return {
        month.ends_on.replace(day=1): month.fees_minor
        for month in loan.months[1:]
        if month.fees_minor > 0
    }


def _paid_by(payments: tuple[BookPayment, ...], closed: TapeMonth, loan: TapeLoan) -> int:
    """What was paid on instalments until the loan closed, less returns and fees."""
    standing = sum(
        payment.amount_minor
        for payment in payments
        if payment.value_on <= closed.ends_on and payment.returned_on is None
    )
    fees = sum(month.fees_minor for month in loan.months[1:] if month.ends_on <= closed.ends_on)
    return max(0, standing - fees)
