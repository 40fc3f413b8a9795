"""Client money is handed to its lender, less our fee: the one way from client to own money."""

from datetime import date, datetime

from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.reach import serves
from recoup.foundation.access.rights import Right
from recoup.modules.ledger import models
from recoup.modules.ledger.rules import (
    AccountCode,
    AccountUnknown,
    AmountNotPositive,
    RemittanceRepeated,
    SourceKind,
)


@db.joining()
def remit(
    *,
    lender_id: int,
    amount_minor: int,
    fee_minor: int,
    currency: str,
    value_on: date,
    reference: str,
    actor_id: int | None,
    at: datetime,
) -> int:
    """Hand client money to the lender; `fee_minor` of it goes to our own bank account.

    Returns the remittance's number. Raises AmountNotPositive, RemittanceRepeated, AccountUnknown.
    """
    access.require(Right.REVERSE_PAYMENTS)
    if amount_minor < 0 or fee_minor < 0 or amount_minor + fee_minor == 0:
        raise AmountNotPositive
    if not serves(lender_id):
        raise AccountUnknown(number=lender_id)
    if models.Remittance.objects.filter(lender_id=lender_id, reference=reference).exists():
        raise RemittanceRepeated(reference=reference)
    made = models.Remittance.objects.create(
        lender_id=lender_id,
        value_on=value_on,
        currency=currency,
        amount_minor=amount_minor,
        fee_minor=fee_minor,
        reference=reference,
        received_at=at,
        recorded_by=actor_id,
    )
    moved = (
        (SourceKind.REMITTANCE, AccountCode.REMITTED, amount_minor),
        (SourceKind.FEE_SETTLEMENT, AccountCode.OWN_BANK, fee_minor),
    )
    models.Entry.objects.bulk_create(
        models.Entry(
            lender_id=lender_id,
            source_kind=kind,
            source_id=made.pk,
            debit=to,
            credit=AccountCode.BANK,
            amount_minor=minor,
            value_on=value_on,
            booked_at=at,
        )
        for kind, to, minor in moved
        if minor
    )
    return int(made.pk)
