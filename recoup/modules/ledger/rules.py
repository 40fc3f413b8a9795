"""Accounts, channels and the allocation orders the ledger knows."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from recoup.core.calendar import add_months, month_end
from recoup.core.refusals import Refused


class AccountCode(IntEnum):
    """The accounts an entry moves money between.

    Client money: BANK and CASH_BOX hold it; SUSPENSE is money not yet known whose, UNALLOCATED is
    owed to a borrower until it settles a due, REFUND_DUE is given back, REMITTED was handed to the
    lender. REFUND_SHORT is claimed from a payer who got back more than there was.
    PRINCIPAL, INTEREST, COST are receivables; PENALTY is recognised when settled.
    WAIVED and WRITTEN_OFF take what is let go of. From 100 on: our own money, never mixed.
    """

    BANK = 1
    UNALLOCATED = 2
    COST = 3
    PENALTY = 4
    INTEREST = 5
    PRINCIPAL = 6
    WAIVED = 7
    WRITTEN_OFF = 8
    SUSPENSE = 9
    REFUND_DUE = 10
    REFUND_SHORT = 11
    CASH_BOX = 12
    REMITTED = 13
    OWN_BANK = 101


FIRST_OWN_ACCOUNT = 100
# Where money arrives, or goes to: a receipt, payment, return or remittance is booked there once.
BOOKED_ONCE = (
    AccountCode.BANK,
    AccountCode.SUSPENSE,
    AccountCode.CASH_BOX,
    AccountCode.REMITTED,
    AccountCode.OWN_BANK,
)


class SourceKind(IntEnum):
    """What made an entry; `source_id` is its number in the table of that fact.

    Corrections carry the source they correct: those of a reversed payment are the payment's.
    """

    PAYMENT = 1
    ADJUSTMENT = 2
    RECEIPT = 3
    RETURN = 4
    REMITTANCE = 5
    FEE_SETTLEMENT = 6


class AdjustmentKind(StrEnum):
    """What changes an account without money coming in."""

    WAIVER = "WAIVER"
    WRITE_OFF = "WRITE_OFF"
    REFUND = "REFUND"


class Part(StrEnum):
    """What of a due is let go of."""

    COST = "COST"
    PENALTY = "PENALTY"
    INTEREST = "INTEREST"
    PRINCIPAL = "PRINCIPAL"


class ReceiptState(StrEnum):
    """What became of money received, derived from what of it was placed and returned."""

    OPEN = "OPEN"
    PARTLY_PLACED = "PARTLY_PLACED"
    PLACED = "PLACED"
    RETURNED = "RETURNED"


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


class ReceiptUnknown(Refused):
    code = "receipt_unknown"
    message = "There is no receipt number %(number)s."


class ReceiptReferenceRepeated(Refused):
    """The same source named this money before: it is one receipt, `receipt_id`."""

    code = "receipt_reference_repeated"
    message = "The reference %(reference)s of %(source)s is already receipt %(receipt_id)s."


class ReceiptSpent(Refused):
    """No more is placed or returned than there is."""

    code = "receipt_spent"
    message = "Only %(open)s of receipt %(number)s is left, not %(asked)s."


class LenderDiffers(Refused):
    """One lender's money never pays another's contract."""

    code = "receipt_lender_differs"
    message = "This receipt and this contract belong to different lenders."


class AmountNotPositive(Refused):
    code = "amount_not_positive"
    message = "The amount must be more than zero."


class MoreThanOpen(Refused):
    """Nothing is let go of that is not owed."""

    code = "adjustment_more_than_open"
    message = "Only %(open)s of this is open on that day, not %(asked)s."


class MoreThanUnallocated(Refused):
    """Only credit is given back."""

    code = "refund_more_than_unallocated"
    message = "The borrower's credit is %(credit)s; %(asked)s cannot be given back."


class RequestUsed(Refused):
    """One approval is one act."""

    code = "adjustment_request_used"
    message = "What request %(request)s allows has been done before."


class AdjustmentUnknown(Refused):
    code = "adjustment_unknown"
    message = "There is no waiver, write-off or refund number %(number)s on this account."


class AdjustmentReversed(Refused):
    code = "adjustment_already_reversed"
    message = "Number %(number)s has been reversed before."


class RemittanceRepeated(Refused):
    code = "remittance_reference_repeated"
    message = "A remittance with the reference %(reference)s has been booked before."


class TransferToItself(Refused):
    code = "transfer_to_itself"
    message = "The payment is on this contract already."


class TransferTooMuch(Refused):
    code = "transfer_too_much"
    message = "The payment is %(amount)s; %(asked)s cannot be moved."


def receipt_state(amount_minor: int, open_minor: int, returned_minor: int) -> ReceiptState:
    """What became of a receipt, from what is left of it and what went back."""
    if open_minor == amount_minor:
        return ReceiptState.OPEN
    if open_minor:
        return ReceiptState.PARTLY_PLACED
    return ReceiptState.RETURNED if returned_minor == amount_minor else ReceiptState.PLACED


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
