"""The dues of a loan as it stood when it came to us: seasoned, perhaps in arrears or paid ahead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from recoup.core.account import Due
from recoup.core.calendar import add_months
from recoup.modules.intake.abs_ee.book import on_day
from recoup.modules.intake.abs_ee.tape import TapeLoan

MONTHLY = 12 * 1_000_000  # a year's rate in millionths, by the month


@dataclass(frozen=True, slots=True)
class Part:
    """A due before it is split: `paid` of it was in already; `interest` lies within the rest."""

    due_on: date
    open: int
    paid: int = 0
    interest: int = 0


def past_due(loan: TapeLoan) -> int:
    """What was past due at the opening; negative if the borrower had paid ahead.

    The tape gives the amount due in the next period: one level payment plus what is past due. A
    loan whose first payment was still to come had nothing past due, and keeps what it paid.
    """
    opening = loan.opening
    if loan.first_due_in > opening.ends_on:
        return -opening.paid_minor
    next_due = opening.next_due_minor
    return 0 if next_due is None else next_due - loan.level_minor


def parts(loan: TapeLoan, due_day: int) -> list[Part]:
    """Every due from the oldest unpaid one on, level until the balance is repaid."""
    owed = _unpaid_before(loan, due_day)
    balance = loan.opening.balance_minor or 0
    rows = list[Part]()
    for part in chain(owed, _level_after(loan, due_day)):
        interest = min(part.open, _month_of_interest(balance, loan.rate_micro))
        principal = min(part.open - interest, balance)
        is_last = principal == balance or len(rows) == len(owed) + _most_dues(loan) - 1
        balance_left = 0 if is_last else balance - principal
        rows.append(replace(part, open=interest + balance - balance_left, interest=interest))
        balance = balance_left
        if is_last:
            break
    return rows


def _most_dues(loan: TapeLoan) -> int:
    """At maturity the rest falls due at once, with a year's room for a loan that paid late."""
    return max(1, loan.remaining_months) + 12


def capped(rows: list[Part], loan: TapeLoan, last_month: date, total: int) -> list[Part]:
    """The dues of a loan that was settled: they add up to what was paid, the last takes the rest.

    Simple interest runs by the day, so what was paid differs a little from the level schedule.
    """
    kept = list[Part]()
    left = total
    for part in rows:
        is_last = (part.due_on.year, part.due_on.month) >= (last_month.year, last_month.month)
        amount = left if is_last or part is rows[-1] else min(part.open, left)
        kept.append(replace(part, open=amount, interest=min(part.interest, amount)))
        left -= amount
        if left == 0:
            break
    balance = loan.opening.balance_minor or 0
    return _with_interest(kept, max(0, total - balance))


def _with_interest(rows: list[Part], interest: int) -> list[Part]:
    """The same dues with so much interest in all; the last ones take the difference."""
    change = interest - sum(part.interest for part in rows)
    fitted = list[Part]()
    for part in reversed(rows):
        within = min(max(part.interest + change, 0), part.open)
        change -= within - part.interest
        fitted.append(replace(part, interest=within))
    return fitted[::-1]


def _unpaid_before(loan: TapeLoan, due_day: int) -> list[Part]:
    """The dues not paid when the loan came, oldest first; the oldest may be partly paid."""
    left, due_on = past_due(loan), on_day(loan.opening.ends_on, due_day)
    rows = list[Part]()
    while left > 0 and loan.level_minor > 0:
        part = min(left, loan.level_minor)
        rows.append(Part(due_on, part, paid=loan.level_minor - part))
        left -= part
        due_on = on_day(add_months(due_on, -1), due_day)
    return rows[::-1]


def _level_after(loan: TapeLoan, due_day: int) -> Iterator[Part]:
    """Level dues from the month after the opening on, less what had been paid ahead."""
    ahead, month = max(0, -past_due(loan)), loan.opening.ends_on.replace(day=1)
    while True:
        month = add_months(month, 1)
        paid = min(ahead, loan.level_minor)
        ahead -= paid
        yield Part(on_day(month, due_day), loan.level_minor - paid, paid=paid)


def _month_of_interest(balance: int, rate_micro: int) -> int:
    """A twelfth of a year's interest, half up."""
    return (2 * balance * rate_micro + MONTHLY) // (2 * MONTHLY)


def numbered(loan: TapeLoan, rows: list[Part], costs: dict[date, int]) -> tuple[Due, ...]:
    """Dues numbered as instalments of the loan, led by one row for all that was paid before.

    `costs` are fees by month (its first day); each goes with the first due not before it.
    """
    before = len([part for part in rows if part.due_on <= loan.opening.ends_on])
    first = max(loan.term_months - loan.remaining_months + 1 - before, 2)
    dues = list[Due]()
    waiting = dict(costs)
    for seq, part in enumerate(rows, first):
        months = [m for m in waiting if m <= part.due_on.replace(day=1) or part is rows[-1]]
        cost = sum(waiting.pop(month) for month in months)
        dues.append(_due(seq, part, cost))
    repaid = loan.amount_minor - sum(due.principal for due in dues)
    if repaid <= 0:
        return tuple(dues)
    return (_repaid_before(loan, dues, first - 1, repaid), *dues)


def _due(seq: int, part: Part, cost: int) -> Due:
    """What had been paid of it went to its interest first; the tape's split begins after that."""
    return Due(
        seq=seq,
        due_on=part.due_on,
        principal=part.open - part.interest + part.paid,
        interest=part.interest,
        cost=cost,
        principal_paid=part.paid,
    )


def _repaid_before(loan: TapeLoan, dues: list[Due], seq: int, principal: int) -> Due:
    """One row for the principal repaid before the tape begins."""
    due_on = add_months(dues[0].due_on, -1) if dues else loan.opening.ends_on
    return Due(
        seq=seq,
        due_on=max(due_on, loan.originated_in),
        principal=principal,
        principal_paid=principal,
    )
