"""Money comes in before it is known whose; it is placed on contracts, or goes back."""

from datetime import date, datetime

from recoup.foundation import db, vault
from recoup.foundation.access import context as access
from recoup.foundation.access.reach import serves
from recoup.foundation.access.rights import Right
from recoup.modules.ledger import models
from recoup.modules.ledger.posting import post_payments
from recoup.modules.ledger.rules import (
    AccountCode,
    AmountNotPositive,
    Channel,
    LenderDiffers,
    ReceiptReferenceRepeated,
    ReceiptSpent,
    ReceiptUnknown,
    SourceKind,
    refuse_unsound_payment,
)
from recoup.modules.ledger.services.locking import lock_account
from recoup.modules.parties.rules import masked_name

# What a payer's text is bound to when it is sealed, before the slash, its source and reference.
PAYER = "ledger_receipt.payer_sealed"


@db.joining()
def receive(
    *,
    lender_id: int,
    amount_minor: int,
    currency: str,
    value_on: date,
    channel: Channel,
    source: str,
    reference: str,
    payer: str = "",
    actor_id: int | None,
    at: datetime,
) -> int:
    """Take money in before it is known whose; return the receipt's number.

    It stands under SUSPENSE of the lender until it is placed or returned. `source` names where the
    word of it came from ("STATEMENT/6222…", "ALIPAY", "CASH_DESK"), `reference` is unique there.
    `payer` is what was said of the payer; it is sealed. Cash gets the lender's next number of the
    year. Raises ReceiptReferenceRepeated (with `receipt_id`: the same money, told twice),
    AmountNotPositive, ReceiptUnknown (no lender of ours).
    """
    access.require(Right.POST_PAYMENTS)
    if amount_minor <= 0:
        raise AmountNotPositive
    if not serves(lender_id):
        raise ReceiptUnknown(number=lender_id)
    return write_receipt(
        lender_id=lender_id,
        amount_minor=amount_minor,
        currency=currency,
        value_on=value_on,
        channel=channel,
        source=source,
        reference=reference,
        payer=payer,
        actor_id=actor_id,
        at=at,
    ).id


def write_receipt(
    *,
    lender_id: int,
    amount_minor: int,
    currency: str,
    value_on: date,
    channel: Channel,
    source: str,
    reference: str,
    payer: str,
    actor_id: int | None,
    at: datetime,
) -> models.Receipt:
    """The receipt and its entry, inside the caller's transaction. Raises ReceiptReferenceRepeated.

    Of two that tell the same at once the second waits for the first and is refused.
    """
    about = f"{PAYER}/{source}/{reference}"
    models.Receipt.objects.bulk_create(
        [
            models.Receipt(
                lender_id=lender_id,
                value_on=value_on,
                amount_minor=amount_minor,
                currency=currency,
                channel=channel,
                source=source,
                reference=reference,
                payer_sealed=vault.seal(payer, lender_id=lender_id, about=about) if payer else None,
                payer_masked=masked_name(payer) if payer else "",
                open_minor=amount_minor,
                received_at=at,
                recorded_by=actor_id,
            )
        ],
        ignore_conflicts=True,
    )
    row = models.Receipt.objects.get(lender_id=lender_id, source=source, reference=reference)
    if models.Entry.objects.filter(source_kind=SourceKind.RECEIPT, source_id=row.pk).exists():
        raise ReceiptReferenceRepeated(source=source, reference=reference, receipt_id=row.pk)
    models.Entry.objects.create(
        lender_id=lender_id,
        source_kind=SourceKind.RECEIPT,
        source_id=row.pk,
        debit=_place_of(channel),
        credit=AccountCode.SUSPENSE,
        amount_minor=amount_minor,
        value_on=value_on,
        booked_at=at,
    )
    return row


@db.joining()
def place_receipt(
    *,
    receipt_id: int,
    contract_id: int,
    amount_minor: int,
    actor_id: int | None,
    at: datetime,
    as_of: date,
) -> int:
    """Pay a contract out of a receipt, at the receipt's value date; return the payment's number.

    The account is derived anew if that day has passed. A receipt may be placed in parts on several
    contracts of its lender. Reversing the payment puts the money back under SUSPENSE.
    Raises ReceiptUnknown, AccountUnknown, LenderDiffers, ReceiptSpent and what a payment raises.
    """
    access.require(Right.POST_PAYMENTS)
    account = lock_account(contract_id, as_of)
    receipt = lock_receipt(receipt_id)
    if account.lender_id != receipt.lender_id:
        raise LenderDiffers
    refuse_unsound_payment(
        amount_minor=amount_minor,
        currency=receipt.currency,
        account_currency=account.currency,
        value_on=receipt.value_on,
        as_of=as_of,
    )
    refuse_spent(receipt, amount_minor)
    payment = models.Payment.objects.create(
        contract_id=contract_id,
        value_on=receipt.value_on,
        amount_minor=amount_minor,
        currency=receipt.currency,
        channel=receipt.channel,
        reference=_fresh_reference(receipt, contract_id),
        received_at=at,
        recorded_by=actor_id,
        receipt_id=receipt_id,
    )
    post_payments(as_of=as_of, at=at, contract_id=contract_id)
    return int(payment.pk)


@db.joining()
def return_receipt(
    *,
    receipt_id: int,
    amount_minor: int,
    value_on: date,
    reason: str,
    actor_id: int | None,
    at: datetime,
    request_id: int | None = None,
) -> int:
    """What is not placed goes back to who sent it; return the return's number.

    Raises ReceiptUnknown, AmountNotPositive, ReceiptSpent.
    """
    access.require(Right.REVERSE_PAYMENTS)
    receipt = lock_receipt(receipt_id)
    if amount_minor <= 0:
        raise AmountNotPositive
    refuse_spent(receipt, amount_minor)
    made = models.Return.objects.create(
        receipt=receipt,
        lender_id=receipt.lender_id,
        amount_minor=amount_minor,
        value_on=value_on,
        reason=reason,
        request_id=request_id,
        received_at=at,
        recorded_by=actor_id,
    )
    models.Receipt.objects.filter(id=receipt_id).update(
        open_minor=receipt.open_minor - amount_minor
    )
    models.Entry.objects.create(
        lender_id=receipt.lender_id,
        source_kind=SourceKind.RETURN,
        source_id=made.pk,
        debit=AccountCode.SUSPENSE,
        credit=_place_of(receipt.channel),
        amount_minor=amount_minor,
        value_on=value_on,
        booked_at=at,
    )
    return int(made.pk)


def lock_receipt(receipt_id: int) -> models.Receipt:
    """The receipt, locked after the account it may be placed on. Raises ReceiptUnknown."""
    receipt = models.Receipt.objects.select_for_update().filter(id=receipt_id).first()
    if receipt is None or not serves(receipt.lender_id):
        raise ReceiptUnknown(number=receipt_id)
    return receipt


def refuse_spent(receipt: models.Receipt, asked_minor: int) -> None:
    """Refuse to use more of a receipt than is left."""
    if asked_minor > receipt.open_minor:
        raise ReceiptSpent(number=receipt.pk, open=receipt.open_minor, asked=asked_minor)


def _fresh_reference(receipt: models.Receipt, contract_id: int) -> str:
    """The receipt's own; with a number when it is placed on the same contract again."""
    before = models.Payment.objects.filter(contract_id=contract_id, receipt_id=receipt.pk).count()
    return f"R-{receipt.pk}" if before == 0 else f"R-{receipt.pk}/{before + 1}"


def _place_of(channel: str) -> AccountCode:
    """Where money of a channel lies."""
    return AccountCode.CASH_BOX if channel == Channel.CASH else AccountCode.BANK
