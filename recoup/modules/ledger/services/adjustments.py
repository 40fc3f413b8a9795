"""What changes an account without money coming in: waivers, write-offs, refunds, and their undoing.

Whoever calls has seen that it is approved: `request_id` is the approval's number.
"""

from dataclasses import dataclass
from datetime import date, datetime

from recoup.core import account as core
from recoup.core.waterfall import Component
from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.modules.ledger import models
from recoup.modules.ledger.posting import post_payments
from recoup.modules.ledger.queries import loan_account
from recoup.modules.ledger.rules import (
    AdjustmentKind,
    AdjustmentReversed,
    AdjustmentUnknown,
    AmountNotPositive,
    MoreThanOpen,
    MoreThanUnallocated,
    Part,
    RequestUsed,
    ValueDateAhead,
)
from recoup.modules.ledger.services.locking import lock_account


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """So much of an account is let go of, or owed back, from a day on; why, and by whom."""

    contract_id: int
    amount_minor: int
    value_on: date
    reason: str
    request_id: int
    maker_id: int | None
    actor_id: int | None
    at: datetime
    as_of: date


@db.joining()
def waive(approved: Approved, *, part: Part | None = None, seq: int | None = None) -> int:
    """The lender forgives so much of a part (None: of everything), of one due or of all (None).

    What has fallen due goes first, in the account's order, then what is to come. Returns the
    adjustment's number. If history changes later so that less was open, the rest lapses.
    Raises AccountUnknown, BooksAreAhead, AmountNotPositive, ValueDateAhead, MoreThanOpen,
    RequestUsed.
    """
    return _relieve(AdjustmentKind.WAIVER, approved, part, seq)


@db.joining()
def write_off(approved: Approved, *, part: Part | None = None, seq: int | None = None) -> int:
    """The lender no longer expects so much; as `waive`, against WRITTEN_OFF.

    Money that comes after all finds nothing open and is the borrower's credit: reverse the
    write-off first, so that the money is a recovery.
    """
    return _relieve(AdjustmentKind.WRITE_OFF, approved, part, seq)


@db.joining()
def refund(approved: Approved) -> int:
    """Credit of the borrower is owed back (REFUND_DUE); return the adjustment's number.

    Raises AccountUnknown, BooksAreAhead, AmountNotPositive, ValueDateAhead, MoreThanUnallocated,
    RequestUsed.
    """
    _hold(approved)
    credit = _credit_since(approved)
    if approved.amount_minor > credit:
        raise MoreThanUnallocated(credit=credit, asked=approved.amount_minor)
    return _write(AdjustmentKind.REFUND, approved)


@db.joining()
def reverse_adjustment(
    *,
    contract_id: int,
    adjustment_id: int,
    reason: str,
    request_id: int | None,
    actor_id: int | None,
    at: datetime,
    as_of: date,
) -> None:
    """A waiver, write-off or refund does not stand: the account is derived anew without it.

    Raises AccountUnknown, BooksAreAhead, AdjustmentUnknown, AdjustmentReversed.
    """
    access.require(Right.REVERSE_PAYMENTS)
    lock_account(contract_id, as_of)
    found = models.Adjustment.objects.filter(id=adjustment_id, contract_id=contract_id)
    if not found.exists():
        raise AdjustmentUnknown(number=adjustment_id)
    if models.AdjustmentReversal.objects.filter(adjustment_id=adjustment_id).exists():
        raise AdjustmentReversed(number=adjustment_id)
    models.AdjustmentReversal.objects.create(
        adjustment_id=adjustment_id,
        contract_id=contract_id,
        reason=reason,
        reversed_on=as_of,
        request_id=request_id,
        received_at=at,
        recorded_by=actor_id,
    )
    post_payments(as_of=as_of, at=at, contract_id=contract_id)


def _credit_since(approved: Approved) -> int:
    """The least credit from its day on: a refund leaves none of those after it short."""
    contract_id, since = approved.contract_id, approved.value_on
    later = models.Adjustment.objects.filter(
        contract_id=contract_id,
        kind=AdjustmentKind.REFUND,
        value_on__range=(since, approved.as_of),
    )
    days = {since, approved.as_of, *later.values_list("value_on", flat=True)}
    return min(loan_account(contract_id=contract_id, as_of=day).unallocated for day in days)


def _relieve(kind: AdjustmentKind, approved: Approved, part: Part | None, seq: int | None) -> int:
    _hold(approved)
    account = loan_account(contract_id=approved.contract_id, as_of=approved.value_on)
    open_minor = relievable(account, part=part, seq=seq, on=approved.value_on)
    if approved.amount_minor > open_minor:
        raise MoreThanOpen(open=open_minor, asked=approved.amount_minor)
    return _write(kind, approved, part, seq)


def relievable(account: core.Account, *, part: Part | None, seq: int | None, on: date) -> int:
    """How much may be let go of on a day: what is open of the part and due asked for."""
    component = Component[part] if part else None
    return sum(
        amount
        for state in account.states
        if state.settled_on is None and seq in {None, state.seq}
        for of, amount in state.open_by_component(account.terms, on).items()
        if component in {None, of}
    )


def _hold(approved: Approved) -> None:
    """Lock the account for whoever may, if the amount and the day are sound."""
    access.require(Right.POST_PAYMENTS)
    lock_account(approved.contract_id, approved.as_of)
    if approved.amount_minor <= 0:
        raise AmountNotPositive
    if approved.value_on > approved.as_of:
        raise ValueDateAhead(
            value_on=approved.value_on.isoformat(), as_of=approved.as_of.isoformat()
        )


def _write(
    kind: AdjustmentKind, approved: Approved, part: Part | None = None, seq: int | None = None
) -> int:
    """Keep the fact and post it. Raises RequestUsed."""
    same = models.Adjustment.objects.filter(
        request_id=approved.request_id, kind=kind, part=part or "", seq=seq
    )
    if same.exists():
        raise RequestUsed(request=approved.request_id)
    written = models.Adjustment.objects.create(
        contract_id=approved.contract_id,
        kind=kind,
        value_on=approved.value_on,
        amount_minor=approved.amount_minor,
        part=part or "",
        seq=seq,
        reason=approved.reason,
        request_id=approved.request_id,
        maker_id=approved.maker_id,
        received_at=approved.at,
        recorded_by=approved.actor_id,
    )
    post_payments(as_of=approved.as_of, at=approved.at, contract_id=approved.contract_id)
    return int(written.pk)
