"""A payment comes in, a payment does not stand, dues are moved by agreement."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.modules.ledger import models
from recoup.modules.ledger.posting import post_payments
from recoup.modules.ledger.rules import (
    AccountUnknown,
    AlreadyReversed,
    Channel,
    ReferenceRepeated,
    ReversedByItsPoster,
    moved_on,
    refuse_unsound_extension,
    refuse_unsound_payment,
)
from recoup.modules.ledger.services.locking import lock_account
from recoup.modules.ledger.services.receipts import write_receipt

CASH_DESK = "CASH_DESK"


@db.joining()
def record_payment(
    *,
    contract_id: int,
    amount_minor: int,
    currency: str,
    value_on: date,
    channel: Channel,
    reference: str,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> int:
    """Record money received and post it at once; return the payment's number.

    Cash gets a numbered receipt.

    Raises AccountUnknown, BooksAreAhead, PaymentNotPositive, CurrencyDiffers, ValueDateAhead,
    ReferenceRepeated; nothing is kept then.
    """
    access.require(Right.POST_PAYMENTS)
    account = lock_account(contract_id, as_of)
    refuse_unsound_payment(
        amount_minor=amount_minor,
        currency=currency,
        account_currency=account.currency,
        value_on=value_on,
        as_of=as_of,
    )
    same = models.Payment.objects.filter(contract_id=contract_id, reference=reference)
    if reference and same.exists():
        raise ReferenceRepeated(reference=reference)
    receipt_id = None
    if channel is Channel.CASH:
        receipt_id = write_receipt(
            lender_id=account.lender_id,
            amount_minor=amount_minor,
            currency=currency,
            value_on=value_on,
            channel=channel,
            source=f"{CASH_DESK}/{contract_id}",
            reference=reference or uuid4().hex,
            payer="",
            actor_id=actor_id,
            at=at,
        ).id
    payment = models.Payment.objects.create(
        contract_id=contract_id,
        amount_minor=amount_minor,
        currency=currency,
        value_on=value_on,
        channel=channel,
        reference=reference,
        received_at=at,
        recorded_by=actor_id,
        receipt_id=receipt_id,
    )
    post_payments(as_of=as_of, at=at, contract_id=contract_id)
    return payment.id


@db.joining()
def reverse_payment(
    *,
    contract_id: int,
    payment_id: int,
    reason: str,
    actor_id: int | None,
    at: datetime,
    as_of: date,
) -> None:
    """A payment did not stand: derive its account anew without it, by correcting entries.

    Raises AccountUnknown (no such payment on this account), BooksAreAhead, ReversedByItsPoster and
    AlreadyReversed.
    """
    access.require(Right.REVERSE_PAYMENTS)
    lock_account(contract_id, as_of)
    payment = models.Payment.objects.filter(id=payment_id, contract_id=contract_id).first()
    if payment is None:
        raise AccountUnknown(number=payment_id)
    if actor_id is not None and payment.recorded_by == actor_id:
        raise ReversedByItsPoster
    if models.Reversal.objects.filter(payment_id=payment_id).exists():
        raise AlreadyReversed(payment=payment_id)
    models.Reversal.objects.create(
        payment_id=payment_id,
        contract_id=contract_id,
        reason=reason,
        reversed_on=as_of,
        received_at=at,
        recorded_by=actor_id,
    )
    post_payments(as_of=as_of, at=at, contract_id=contract_id)


@db.joining()
def record_returns(
    *, returns: Sequence[tuple[int, date]], reason: str, actor_id: int | None, at: datetime
) -> int:
    """Record payments that did not stand, each with its day, as a bank's list names them.

    The night of that day books them. One known before is left out; returns how many are new.
    """
    access.require(Right.REVERSE_PAYMENTS)
    ids = [payment_id for payment_id, _ in returns]
    known = set(
        models.Reversal.objects.filter(payment_id__in=ids).values_list("payment_id", flat=True)
    )
    contracts = dict(models.Payment.objects.filter(id__in=ids).values_list("id", "contract_id"))
    made = models.Reversal.objects.bulk_create(
        models.Reversal(
            payment_id=payment_id,
            contract_id=contracts[payment_id],
            reason=reason,
            reversed_on=day,
            received_at=at,
            recorded_by=actor_id,
        )
        for payment_id, day in returns
        if payment_id not in known
    )
    return len(made)


@db.joining()
def extend(
    *, contract_id: int, months: int, reason: str, actor_id: int | None, at: datetime, as_of: date
) -> int:
    """Move every due that is still open so many months on (展期); return how many were moved.

    A moved due begins anew: no penalty has grown on it. Raises AccountUnknown, BooksAreAhead,
    ExtensionNotForward, and ExtensionAfterPenalty if penalty was paid on an open due.
    """
    access.require(Right.CORRECT_DATA)
    lock_account(contract_id, as_of)
    dues = models.Due.objects.filter(contract_id=contract_id)
    moving = list(dues.filter(settled_on=None).order_by("seq"))
    refuse_unsound_extension(months, [due.penalty_paid_minor for due in moving])
    day = max((due.due_on.day for due in dues.only("due_on")), default=1)
    for due in moving:
        due.due_on = due.accrued_on = moved_on(due.due_on, months, day)
        due.minor_days = 0
    models.Due.objects.bulk_update(moving, ["due_on", "accrued_on", "minor_days"])
    models.Extension.objects.create(
        contract_id=contract_id,
        months=months,
        seqs=[due.seq for due in moving],
        reason=reason,
        decided_on=as_of,
        received_at=at,
        recorded_by=actor_id,
    )
    return len(moving)
