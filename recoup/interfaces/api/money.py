"""Payments: those of a contract, and posting up to a hundred of them at once."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.api import schemas
from recoup.interfaces.api.keys import caller_of
from recoup.interfaces.api.operations import on_record, operation, page, position_of, read
from recoup.interfaces.api.portfolio import business_day
from recoup.interfaces.api.problems import ContractUnknown, words_of
from recoup.modules.assignment import register
from recoup.modules.ledger import services
from recoup.modules.ledger.rules import Channel, ReferenceRepeated

router = Router()


@router.get("/contracts/{contract_id}/payments", response=schemas.Payments, tags=["money"])
@operation(Right.SEE_CASES)
def list_payments(
    request: HttpRequest,
    contract_id: schemas.Id,
    cursor: schemas.Cursor | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """A contract's payments, in the order they were recorded."""
    if register.contract(contract_id) is None:
        raise ContractUnknown(number=contract_id)
    rows = register.payments(contract_id=contract_id, after=position_of(cursor), limit=limit + 1)
    read(request, "contract", contract_id)
    return page(rows, limit)


@router.post("/payments", response=schemas.PaymentsPosted, tags=["money"])
@operation(Right.POST_PAYMENTS)
def post_payments(request: HttpRequest, body: schemas.PaymentsGiven) -> dict[str, Any]:
    """Post payments, each in a transaction of its own and in the order they are sent.

    Safe to send again: a reference that stands on the contract with the same amount and day is
    KNOWN and posted once; with another amount or day it is REFUSED.
    """
    business_day(request)  # said once for all of them
    return {"results": [_post(request, given) for given in body.payments]}


def _post(request: HttpRequest, given: schemas.PaymentGiven) -> dict[str, Any]:
    said: dict[str, Any] = {"reference": given.reference, "contract_id": given.contract_id}
    try:
        payment_id = _record(request, given)
    except ReferenceRepeated as no:
        known = _same(given)
        if known is None:
            return said | _refused(request, no)
        return said | {"outcome": "KNOWN", "payment_id": known}
    except Refused as no:
        return said | _refused(request, no)
    on_record(request, Act.API_CHANGED, "contract", given.contract_id, payment=payment_id)
    return said | {"outcome": "POSTED", "payment_id": payment_id}


def _record(request: HttpRequest, given: schemas.PaymentGiven) -> int:
    if register.contract(given.contract_id) is None:
        raise ContractUnknown(number=given.contract_id)
    return services.record_payment(
        contract_id=given.contract_id,
        amount_minor=given.amount_minor,
        currency=given.currency,
        value_on=given.value_on,
        channel=Channel(given.channel),
        reference=given.reference,
        actor_id=caller_of(request).access.user_id or 0,
        at=timezone.now(),
        as_of=business_day(request),
    )


def _same(given: schemas.PaymentGiven) -> int | None:
    """The payment that stands under this reference, if it is the very same."""
    for known in register.payments(contract_id=given.contract_id, reference=given.reference):
        if (known.amount_minor, known.value_on) == (given.amount_minor, given.value_on):
            return known.id
    return None


def _refused(request: HttpRequest, no: Refused) -> dict[str, Any]:
    return {"outcome": "REFUSED", "code": no.code, "detail": words_of(request, no)}
