"""Money that moves by decision: asked for at the account, done when it is granted.

What it does is the ledger's; who may let it be done is for approvals. Here both meet.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.modules.approvals import queries as requests
from recoup.modules.approvals import services as approvals
from recoup.modules.approvals.acting import Doing, Granted, on_grant
from recoup.modules.approvals.rules import Kind, State
from recoup.modules.approvals.services import Asked
from recoup.modules.ledger import queries as ledger
from recoup.modules.ledger import services as posting
from recoup.modules.ledger.rules import (
    AccountUnknown,
    Channel,
    Part,
    ReferenceRepeated,
    refuse_unsound_payment,
)
from recoup.modules.ledger.services import Approved
from recoup.modules.ledger.services.adjustments import relievable

# What is forgiven of a debt without touching what was lent.
WAIVED_PARTS = (Part.PENALTY, Part.INTEREST, Part.COST)


class MoreThanThere(Refused):
    """Nothing is let go of, given back or moved that is not there; the account may have changed."""

    code = "money_more_than_there"
    message = "Only %(there)s of this is there on the account, not %(asked)s."


class ContractNotFound(Refused):
    """The other contract is not one of this lender that the asker sees."""

    code = "money_contract_not_found"
    message = "This lender has no contract “%(number)s”."


class NotTheSame(Refused):
    """A payment is moved elsewhere, or not at all."""

    code = "money_same_contract"
    message = "The payment is on this contract already; name the one it belongs to."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for on a contract; a part for a waiver, a payment and where it belongs."""

    kind: Kind
    contract_id: int
    amount: Money
    reason: str
    part: Part | None = None
    payment_id: int | None = None
    to_number: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A payment that was posted, or the request that waits in its place."""

    payment_id: int | None = None
    request_id: int | None = None


@db.use_case()
def ask(
    *, wanted: Wanted, form_key: UUID | None, actor_id: int, at: datetime, as_of: date
) -> Asked:
    """Ask for a waiver, write-off, refund or transfer; done at once within one's own limit.

    Raises AccountUnknown, MoreThanThere, ContractNotFound, NotTheSame, what `approvals.ask` raises
    and what posting raises; nothing is kept then.
    """
    lender_id, _currency = _whose(wanted.contract_id)
    _refuse_more(wanted.amount, room(wanted=wanted, as_of=as_of))
    is_of_payment = wanted.kind is Kind.TRANSFER
    return approvals.ask(
        kind=wanted.kind,
        subject="payment" if is_of_payment else "contract",
        subject_id=(wanted.payment_id if is_of_payment else None) or wanted.contract_id,
        contract_id=wanted.contract_id,
        lender_id=lender_id,
        amount=wanted.amount,
        reason=wanted.reason,
        facts=_facts(wanted, lender_id),
        actor_id=actor_id,
        at=at,
        form_key=form_key,
    )


def room(*, wanted: Wanted, as_of: date) -> int:
    """How much of it there is on the account, in minor units. Raises AccountUnknown."""
    if wanted.kind is Kind.TRANSFER:
        return _standing(wanted.contract_id, wanted.payment_id)
    account = ledger.loan_account(contract_id=wanted.contract_id, as_of=as_of)
    if wanted.kind is Kind.REFUND:
        return account.unallocated
    return relievable(account, part=wanted.part, seq=None, on=as_of)


def alone(kind: Kind, contract_id: int, *, user_id: int, at: datetime) -> Money:
    """How much of it somebody does on this contract without asking. Raises AccountUnknown."""
    lender_id, currency = _whose(contract_id)
    limit = requests.limit_of(
        user_id=user_id, kind=kind, currency=currency, lender_id=lender_id, day=at.date()
    )
    return Money(limit.alone_minor, currency)


@db.use_case()
def post_payment(
    *,
    contract_id: int,
    amount: Money,
    value_on: date,
    channel: Channel,
    reference: str,
    actor_id: int,
    at: datetime,
    as_of: date,
) -> Posted:
    """Post a payment by hand; above the poster's limit a second person posts it by granting.

    Raises what `ledger.record_payment` and `approvals.ask` raise; nothing is kept then.
    """
    access.require(Right.POST_PAYMENTS)
    lender_id, currency = _whose(contract_id)
    if amount.minor <= alone(Kind.MANUAL_POSTING, contract_id, user_id=actor_id, at=at).minor:
        payment_id = posting.record_payment(
            contract_id=contract_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            value_on=value_on,
            channel=channel,
            reference=reference,
            actor_id=actor_id,
            at=at,
            as_of=as_of,
        )
        return Posted(payment_id=payment_id)
    refuse_unsound_payment(
        amount_minor=amount.minor,
        currency=amount.currency,
        account_currency=currency,
        value_on=value_on,
        as_of=as_of,
    )
    _refuse_repeated(contract_id, reference)
    facts = {"value_on": value_on.isoformat(), "channel": channel.value, "reference": reference}
    asked = approvals.ask(
        kind=Kind.MANUAL_POSTING,
        subject="contract",
        subject_id=contract_id,
        contract_id=contract_id,
        lender_id=lender_id,
        amount=amount,
        reason=f"{channel.value} {reference}",
        facts=facts,
        actor_id=actor_id,
        at=at,
    )
    return Posted(request_id=asked.request_id)


def register() -> None:
    """What is done when each kind is granted."""
    on_grant(Kind.WAIVER, _waive)
    on_grant(Kind.WRITE_OFF, _write_off)
    on_grant(Kind.REFUND, _refund)
    on_grant(Kind.TRANSFER, _transfer)
    on_grant(Kind.MANUAL_POSTING, _post)


def _waive(granted: Granted, doing: Doing) -> None:
    part = Part(granted.facts["part"])
    _refuse_gone(granted, doing, part=part)
    posting.waive(_approved(granted, doing), part=part)


def _write_off(granted: Granted, doing: Doing) -> None:
    _refuse_gone(granted, doing)
    posting.write_off(_approved(granted, doing))


def _refund(granted: Granted, doing: Doing) -> None:
    _refuse_gone(granted, doing)
    posting.refund(_approved(granted, doing))


def _approved(granted: Granted, doing: Doing) -> Approved:
    return Approved(
        contract_id=granted.contract_id,
        amount_minor=granted.amount.minor,
        value_on=doing.as_of,
        reason=granted.reason,
        request_id=granted.request_id,
        maker_id=granted.asked_by,
        actor_id=doing.actor_id,
        at=doing.at,
        as_of=doing.as_of,
    )


def _transfer(granted: Granted, doing: Doing) -> None:
    posting.transfer(
        payment_id=granted.subject_id,
        contract_id=granted.contract_id,
        to_contract_id=granted.facts["to_contract_id"],
        amount_minor=granted.amount.minor,
        reason=granted.reason,
        request_id=granted.request_id,
        maker_id=granted.asked_by,
        actor_id=doing.actor_id,
        at=doing.at,
        as_of=doing.as_of,
    )


def _post(granted: Granted, doing: Doing) -> None:
    posting.record_payment(
        contract_id=granted.contract_id,
        amount_minor=granted.amount.minor,
        currency=granted.amount.currency,
        value_on=date.fromisoformat(granted.facts["value_on"]),
        channel=Channel(granted.facts["channel"]),
        reference=granted.facts["reference"],
        actor_id=doing.actor_id,
        at=doing.at,
        as_of=doing.as_of,
    )


def _refuse_gone(granted: Granted, doing: Doing, *, part: Part | None = None) -> None:
    """Refuse what is no longer there: paid, waived or refunded since it was asked."""
    wanted = Wanted(granted.kind, granted.contract_id, granted.amount, granted.reason, part)
    _refuse_more(granted.amount, room(wanted=wanted, as_of=doing.as_of))


def _refuse_more(asked: Money, there_minor: int) -> None:
    if asked.minor > there_minor:
        raise MoreThanThere(there=Money(there_minor, asked.currency), asked=asked)


def _facts(wanted: Wanted, lender_id: int) -> dict[str, object]:
    if wanted.kind is Kind.WAIVER and wanted.part is not None:
        return {"part": wanted.part.value}
    if wanted.kind is Kind.TRANSFER:
        to = _contract_of_number(wanted.to_number, lender_id)
        if to == wanted.contract_id:
            raise NotTheSame
        return {"to_contract_id": to, "to_number": wanted.to_number}
    return {}


def _whose(contract_id: int) -> tuple[int, str]:
    """The lender and the currency of an account. Raises AccountUnknown."""
    sql = "SELECT lender_id, currency FROM ledger_account WHERE contract_id = %(id)s"
    rows = db.ask(sql, {"id": contract_id})
    if not rows:
        raise AccountUnknown(number=contract_id)
    return int(rows[0]["lender_id"]), str(rows[0]["currency"])


def _contract_of_number(number: str, lender_id: int) -> int:
    sql = "SELECT id FROM contracts_contract WHERE number = %(number)s AND lender_id = %(lender)s"
    rows = db.ask(sql, {"number": number, "lender": lender_id})
    if not rows:
        raise ContractNotFound(number=number)
    return int(rows[0]["id"])


def _standing(contract_id: int, payment_id: int | None) -> int:
    """What a payment is, if it stands on this contract."""
    for row in ledger.payments(contract_id=contract_id):
        if row.id == payment_id and row.reversed_on is None:
            return row.amount_minor
    raise AccountUnknown(number=payment_id)


def _refuse_repeated(contract_id: int, reference: str) -> None:
    """Refuse money that is posted already, or waits to be."""
    waits = any(
        row.state is State.ASKED and row.facts.get("reference") == reference
        for row in requests.of_contract(contract_id=contract_id)
    )
    known = any(row.reference == reference for row in ledger.payments(contract_id=contract_id))
    if reference and (waits or known):
        raise ReferenceRepeated(reference=reference)
