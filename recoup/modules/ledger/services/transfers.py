"""A payment belonged to another contract: reversed where it was, paid where it belongs."""

from datetime import date, datetime

from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.modules.ledger import models
from recoup.modules.ledger.posting import post_payments
from recoup.modules.ledger.rules import (
    AccountUnknown,
    AlreadyReversed,
    AmountNotPositive,
    CurrencyDiffers,
    LenderDiffers,
    RequestUsed,
    TransferToItself,
    TransferTooMuch,
)
from recoup.modules.ledger.services.locking import lock_account


@db.joining()
def transfer(
    *,
    payment_id: int,
    contract_id: int,
    to_contract_id: int,
    amount_minor: int,
    reason: str,
    request_id: int,
    maker_id: int | None,
    actor_id: int | None,
    at: datetime,
    as_of: date,
) -> int:
    """Move a payment, or a part of it, to another contract of the lender at its own value date.

    Both accounts are derived anew from that day. Returns the number of the payment on the other
    contract. Raises AccountUnknown, BooksAreAhead, AlreadyReversed, AmountNotPositive,
    TransferToItself, TransferTooMuch, CurrencyDiffers, LenderDiffers, RequestUsed.
    """
    access.require(Right.REVERSE_PAYMENTS)
    if contract_id == to_contract_id:
        raise TransferToItself
    low, high = sorted((contract_id, to_contract_id))  # in the order of their numbers
    accounts = {number: lock_account(number, as_of) for number in (low, high)}
    payment = _sound(payment_id, contract_id, amount_minor, request_id)
    _refuse_strangers(accounts[contract_id], accounts[to_contract_id])
    models.Reversal.objects.create(
        payment=payment,
        contract_id=contract_id,
        reason=reason,
        reversed_on=payment.value_on,
        received_at=at,
        recorded_by=actor_id,
        request_id=request_id,
    )
    moved = _part(payment, to_contract_id, amount_minor, actor_id, at)
    left = payment.amount_minor - amount_minor
    rest = _part(payment, contract_id, left, actor_id, at) if left else None
    models.Transfer.objects.create(
        payment=payment,
        contract_id=contract_id,
        to_contract_id=to_contract_id,
        amount_minor=amount_minor,
        to_payment_id=moved.pk,
        rest_payment_id=rest.pk if rest else None,
        reason=reason,
        request_id=request_id,
        maker_id=maker_id,
        received_at=at,
        recorded_by=actor_id,
    )
    for number in (contract_id, to_contract_id):
        post_payments(as_of=as_of, at=at, contract_id=number)
    return int(moved.pk)


def _sound(payment_id: int, contract_id: int, amount_minor: int, request_id: int) -> models.Payment:
    """The payment, if so much of it can be moved."""
    payment = models.Payment.objects.filter(id=payment_id, contract_id=contract_id).first()
    if payment is None:
        raise AccountUnknown(number=payment_id)
    if models.Reversal.objects.filter(payment_id=payment_id).exists():
        raise AlreadyReversed(payment=payment_id)
    if models.Transfer.objects.filter(request_id=request_id).exists():
        raise RequestUsed(request=request_id)
    if amount_minor <= 0:
        raise AmountNotPositive
    if amount_minor > payment.amount_minor:
        raise TransferTooMuch(amount=payment.amount_minor, asked=amount_minor)
    return payment


def _refuse_strangers(source: models.Account, target: models.Account) -> None:
    if source.lender_id != target.lender_id:
        raise LenderDiffers
    if source.currency != target.currency:
        raise CurrencyDiffers(account=target.currency, given=source.currency)


def _part(
    payment: models.Payment, contract_id: int, minor: int, actor_id: int | None, at: datetime
) -> models.Payment:
    """So much of a payment, on a contract, counted from the same day."""
    return models.Payment.objects.create(
        contract_id=contract_id,
        value_on=payment.value_on,
        amount_minor=minor,
        currency=payment.currency,
        channel=payment.channel,
        reference=f"T-{payment.pk}",
        received_at=at,
        recorded_by=actor_id,
        receipt_id=payment.receipt_id,
    )
