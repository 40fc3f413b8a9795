"""Asking, deciding, withdrawing, and using what was granted: once."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from recoup.core.money import Money
from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.context import Access
from recoup.foundation.access.reach import serves
from recoup.foundation.access.rights import Right
from recoup.foundation.business_day import business_day
from recoup.modules.approvals import models, queries, rules
from recoup.modules.approvals.acting import Doing, Granted, act_of
from recoup.modules.approvals.rules import Event, Kind, State

_POSTS, _REVERSES, _WORKS = Right.POST_PAYMENTS, Right.REVERSE_PAYMENTS, Right.WORK_CASES
# Any of these rights is enough to ask.
MAY_ASK: dict[Kind, tuple[Right, ...]] = {
    Kind.WAIVER: (_POSTS, _WORKS),
    Kind.WRITE_OFF: (_POSTS,),
    Kind.REFUND: (_POSTS,),
    Kind.MANUAL_POSTING: (_POSTS,),
    Kind.TRANSFER: (_REVERSES,),
    Kind.PLAN: (_WORKS, _POSTS),
}
# Whoever grants lends the act these, for its length: what was granted is done, and nothing else.
LENT = frozenset({_POSTS, _REVERSES})
# Without one of these nobody changes an account, however wide a limit is.
_TOUCHES_MONEY = (_POSTS, Right.APPROVE_MONEY)
_DECISION = ("state", "is_alone", "decided_by", "decided_at", "decision_reason")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request was written; `is_granted` if it was within the asker's own limit, and done."""

    request_id: int
    is_granted: bool


@db.joining()
def ask(
    *,
    kind: Kind,
    subject: str,
    subject_id: int,
    contract_id: int,
    lender_id: int,
    amount: Money,
    reason: str,
    facts: dict[str, Any],
    actor_id: int,
    at: datetime,
    form_key: UUID | None = None,
) -> Asked:
    """Ask for something that a second person decides; granted at once within one's own limit.

    What is granted at once is done in this transaction; a refusal of the act leaves no request.
    The same form sent twice is one request. Raises NotAllowed, SecondFactorNeeded, RequestUnknown
    (not a lender of the asker's), ReasonTooShort, AmountNotAskable, AboveEveryLimit, AlreadyDecided
    (a form sent again after its request was refused), and what the act raises.
    """
    _require_any(MAY_ASK[kind])
    if not serves(lender_id):
        raise rules.RequestUnknown(number=contract_id)
    said = rules.sound_reason(reason)
    limit = queries.limit_of(
        user_id=actor_id, kind=kind, currency=amount.currency, lender_id=lender_id, day=at.date()
    )
    widest = queries.widest(kind=kind, currency=amount.currency, lender_id=lender_id)
    rules.refuse_vain(amount, max(limit.alone_minor, widest))
    row, is_new = _written(
        models.Request(
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            contract_id=contract_id,
            lender_id=lender_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            reason=said,
            facts=facts,
            asked_by=actor_id,
            asked_at=at,
            form_key=form_key,
        )
    )
    if not is_new and row.state in {State.REFUSED, State.WITHDRAWN}:
        raise rules.AlreadyDecided
    if is_new and _is_alone(row, amount, limit):
        row.is_alone, row.decided_at = True, at
        _grant(row, Doing(actor_id, at, _day(at)))
    return Asked(row.pk, is_granted=row.state in {State.GRANTED, State.DONE})


@db.use_case()
def decide(*, request_id: int, grant: bool, reason: str, actor_id: int, at: datetime) -> None:
    """Grant somebody else's request, and it is done; or refuse it and say why.

    If the act is refused (the account has changed since) nothing is decided and nothing done.
    Raises NotAllowed, SecondFactorNeeded, RequestUnknown, OwnRequest, AlreadyDecided, AboveLimit,
    ReasonTooShort, and what the act raises.
    """
    access.require(Right.APPROVE_MONEY)
    row = _locked(request_id)
    rules.refuse_decider(row.asked_by, actor_id)
    rules.next_state(State(row.state), Event.GRANT if grant else Event.REFUSE)
    row.decided_by, row.decided_at = actor_id, at
    if not grant:
        row.decision_reason = rules.sound_reason(reason)
        _move(row, Event.REFUSE)
        return
    row.decision_reason = reason.strip()[: rules.LONGEST_REASON]
    rules.refuse_beyond(_amount(row), _limit(row, actor_id, at))
    _grant(row, Doing(actor_id, at, _day(at)))


@db.use_case()
def withdraw(*, request_id: int, actor_id: int, at: datetime) -> None:
    """Take one's own request back. Raises RequestUnknown, NotOwnRequest, AlreadyDecided."""
    row = _locked(request_id)
    if row.asked_by != actor_id:
        raise rules.NotOwnRequest
    row.decided_at = at
    _move(row, Event.WITHDRAW)


@db.joining()
def use(*, request_id: int, kind: Kind, at: datetime) -> Granted:
    """Mark a granted request done, within the transaction that does it: exactly once.

    Raises RequestUnknown, NotGranted, AlreadyUsed.
    """
    row = _locked(request_id)
    if row.state == State.DONE:
        raise rules.AlreadyUsed(number=request_id)
    if row.state != State.GRANTED or row.kind != kind:
        raise rules.NotGranted(number=request_id)
    return _used(row, at)


def _written(row: models.Request) -> tuple[models.Request, bool]:
    """The request, and whether it is new: a form sent twice finds what it wrote before."""
    same = models.Request.objects.filter(asked_by=row.asked_by, form_key=row.form_key)
    known = None if row.form_key is None else same.first()
    if known is not None:
        return known, False
    try:
        with db.joining():
            row.save(force_insert=True)
    except IntegrityError:  # the other of two clicks was quicker
        return same.get(), False
    return row, True


def _is_alone(row: models.Request, amount: Money, limit: rules.Limit) -> bool:
    """Whether the asker's own limit is wide enough, and they may touch money at all."""
    kind = Kind(row.kind)
    if kind is not Kind.PLAN and not any(map(access.current().may, _TOUCHES_MONEY)):
        return False
    queries.take_turns(row.asked_by)
    lately = queries.alone_lately(
        user_id=row.asked_by,
        kind=kind,
        currency=row.currency,
        lender_id=row.lender_id,
        at=row.asked_at,
    )
    return rules.is_alone(amount, lately, limit)


def _grant(row: models.Request, doing: Doing) -> None:
    """Note the grant, and do what it is for with the rights that this takes."""
    _move(row, Event.GRANT)
    act = act_of(Kind(row.kind))
    if act is not None:
        granted = _used(row, doing.at)
        with _lending():
            act(granted, doing)


def _lending() -> AbstractContextManager[Access]:
    """Whoever is there, with the rights of the act for its length."""
    now = access.current()
    return access.held(replace(now, rights=now.rights | LENT))


def _used(row: models.Request, at: datetime) -> Granted:
    row.done_at = at
    _move(row, Event.DO)
    return Granted(
        request_id=row.pk,
        kind=Kind(row.kind),
        subject=row.subject,
        subject_id=row.subject_id,
        contract_id=row.contract_id,
        lender_id=row.lender_id,
        amount=_amount(row),
        reason=row.reason,
        facts=row.facts,
        asked_by=row.asked_by,
        decided_by=row.decided_by,
    )


def _move(row: models.Request, event: Event) -> None:
    row.state = rules.next_state(State(row.state), event)
    row.save(update_fields=["done_at", "state"] if event is Event.DO else _DECISION)


def _locked(request_id: int) -> models.Request:
    """The request, locked: of two who decide at once the second finds it decided."""
    row = models.Request.objects.select_for_update().filter(pk=request_id).first()
    if row is None or not serves(row.lender_id):
        raise rules.RequestUnknown(number=request_id)
    return row


def _limit(row: models.Request, user_id: int, at: datetime) -> rules.Limit:
    return queries.limit_of(
        user_id=user_id,
        kind=Kind(row.kind),
        currency=row.currency,
        lender_id=row.lender_id,
        day=at.date(),
    )


def _amount(row: models.Request) -> Money:
    return Money(row.amount_minor, row.currency)


def _day(at: datetime) -> date:
    """The day acts count from: that of the books, or today's before the first night."""
    return business_day() or at.date()


def _require_any(rights: tuple[Right, ...]) -> None:
    if not any(map(access.current().may, rights)):
        access.require(rights[0])
