"""Accounts, channels and the allocation orders the ledger knows."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from recoup.core.calendar import add_months, month_end
from recoup.core.refusals import Refused


class AccountCode(IntEnum):
    """The accounts an entry moves money between, per contract.

    BANK is client money received; UNALLOCATED is owed to the borrower until it settles a due;
    PRINCIPAL, INTEREST, COST are receivables; PENALTY is recognised when paid.
    """

    BANK = 1
    UNALLOCATED = 2
    COST = 3
    PENALTY = 4
    INTEREST = 5
    PRINCIPAL = 6


class Channel(StrEnum):
    """How money came in."""

    TRANSFER = "TRANSFER"
    CASH = "CASH"
    ONLINE = "ONLINE"
    AUTO_DEBIT = "AUTO_DEBIT"
    SERVICER = "SERVICER"


class AccountUnknown(Refused):
    """There is nothing to post to."""

    code = "account_unknown"
    message = "There is no account or payment number %(number)s."


class PaymentNotPositive(Refused):
    code = "payment_not_positive"
    message = "A payment must be more than zero."


class CurrencyDiffers(Refused):
    code = "payment_currency_differs"
    message = "This account is kept in %(account)s; a payment in %(given)s cannot be posted to it."


class ValueDateAhead(Refused):
    code = "payment_value_date_ahead"
    message = "The value date %(value_on)s lies after the business day %(as_of)s."


class ReferenceRepeated(Refused):
    code = "payment_reference_repeated"
    message = "A payment with the reference %(reference)s is already on this account."


class AlreadyReversed(Refused):
    code = "payment_already_reversed"
    message = "Payment %(payment)s has been reversed before."


class ReversedByItsPoster(Refused):
    """Duties are separate: who posts a payment does not take it back."""

    code = "payment_reversed_by_its_poster"
    message = "You posted this payment yourself; a colleague has to reverse it."


class BooksAreAhead(Refused):
    """The account holds later money: posted as of an earlier day it would be half derived."""

    code = "ledger_books_are_ahead"
    message = "This account holds a payment of %(last)s; nothing can be posted as of %(as_of)s."


class ExtensionNotForward(Refused):
    code = "extension_not_forward"
    message = "An extension moves what is open at least one month on, not %(months)s."


class ExtensionAfterPenalty(Refused):
    """Penalty was paid on a due that is still open: it cannot begin anew as if it never was."""

    code = "extension_after_penalty"
    message = "Penalty has been paid on an open instalment; it cannot be moved."


def refuse_unsound_extension(months: int, penalties_paid: Iterable[int]) -> None:
    """Refuse to move dues backwards, or dues on which penalty was paid."""
    if months < 1:
        raise ExtensionNotForward(months=months)
    if any(penalties_paid):
        raise ExtensionAfterPenalty


def moved_on(due_on: date, months: int, day: int) -> date:
    """The due day of an account so many months on, clipped to the month."""
    month = add_months(due_on.replace(day=1), months)
    return min(month_end(month), month + timedelta(days=day - 1))


def refuse_unsound_payment(
    *, amount_minor: int, currency: str, account_currency: str, value_on: date, as_of: date
) -> None:
    """Refuse an amount that is not positive, another currency, or a day still to come."""
    if amount_minor <= 0:
        raise PaymentNotPositive
    if currency != account_currency:
        raise CurrencyDiffers(account=account_currency, given=currency)
    if value_on > as_of:
        raise ValueDateAhead(value_on=value_on.isoformat(), as_of=as_of.isoformat())
