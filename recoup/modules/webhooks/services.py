"""What changes about subscriptions: made, signed anew, paused, ended; and one try of a delivery."""

import json
import secrets as randomness
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from recoup.foundation import audit, db, outbound, vault
from recoup.foundation.access.context import require
from recoup.foundation.access.reach import serves
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.modules.webhooks import models, queries, rules
from recoup.modules.webhooks.rules import DeliveryState, SubscriptionEvent, SubscriptionState

NAME_BYTES = 12
BODY = """
SELECT e.public_id::text AS id, e.kind AS type, e.at, e.data::text AS data, e.contract_id,
       e.case_id, e.business_on, l.code AS lender, k.number AS contract_number, k.currency
  FROM webhooks_event e
  JOIN parties_lender l ON l.id = e.lender_id
  LEFT JOIN contracts_contract k ON k.id = e.contract_id AND k.lender_id = e.lender_id
 WHERE e.id = %(event_id)s
"""
# Their deliveries go with them, by foreign key.
FORGET = "DELETE FROM webhooks_event WHERE written_at < %s"


@dataclass(frozen=True, slots=True)
class SubscriptionMade:
    """A new subscription and its secret, which is shown this once."""

    id: int
    secret: str


@db.use_case()
def subscribe(
    *, lender_code: str, address: str, kinds: Iterable[str], actor_id: int | None, at: datetime
) -> SubscriptionMade:
    """Let a lender's events be sent to an address.

    Raises NotAllowed, SecondFactorNeeded, LenderUnknown, AddressUnfit, AddressNotListed,
    KindsMissing, AddressKnown, TooManySubscriptions.
    """
    require(Right.KEEP_WEBHOOKS)
    lender = next((one for one in queries.lenders() if one.code == lender_code), None)
    if lender is None:
        raise rules.LenderUnknown(code=lender_code[:32])
    sound, wanted = rules.sound_address(address), rules.sound_kinds(kinds)
    _refuse_unlisted(sound)
    standing = models.Subscription.objects.filter(lender_id=lender.id)
    if standing.exclude(state=SubscriptionState.ENDED).count() >= rules.MOST_SUBSCRIPTIONS:
        raise rules.TooManySubscriptions(most=rules.MOST_SUBSCRIPTIONS)
    try:
        with transaction.atomic():
            row = models.Subscription.objects.create(
                lender_id=lender.id, address=sound, kinds=wanted, made_at=at, made_by=actor_id
            )
    except IntegrityError as error:
        raise rules.AddressKnown from error
    secret = _make_secret(row, at)
    _record(Act.WEBHOOK_MADE, row, kinds=len(wanted))
    return SubscriptionMade(int(row.pk), secret)


@db.use_case()
def rotate_secret(*, subscription_id: int, keep_old_days: int, at: datetime) -> str:
    """A new secret, shown this once; those before sign beside it for so many days.

    Raises NotAllowed, SecondFactorNeeded, SubscriptionUnknown.
    """
    row = _locked(subscription_id)
    until = at + timedelta(days=keep_old_days)
    before = models.Secret.objects.filter(subscription_id=row.pk)
    before.filter(Q(ends_at=None) | Q(ends_at__gt=until)).update(ends_at=until)
    secret = _make_secret(row, at)
    _record(Act.WEBHOOK_CHANGED, row, what="secret")
    return secret


def _refuse_unlisted(address: str) -> None:
    try:
        outbound.check(address)
    except outbound.OutboundRefused as no:
        raise rules.AddressNotListed from no


def _make_secret(row: models.Subscription, at: datetime) -> str:
    secret, name = rules.new_secret(), randomness.token_hex(NAME_BYTES)
    models.Secret.objects.create(
        subscription_id=row.pk,
        lender_id=row.lender_id,
        name=name,
        sealed=vault.seal(secret, lender_id=row.lender_id, about=_about(name)),
        made_at=at,
    )
    return secret


def _about(name: str) -> str:
    return f"webhooks_secret.sealed/{name}"


@db.use_case()
def pause(*, subscription_id: int) -> None:
    """Send nothing until it is resumed; what happens meanwhile is kept.

    Raises NotAllowed, SecondFactorNeeded, SubscriptionUnknown, SubscriptionMoveRefused.
    """
    _move(_locked(subscription_id), SubscriptionEvent.PAUSE)


@db.use_case()
def resume(*, subscription_id: int) -> None:
    """Go on at once with all that waits, as if nothing had failed.

    Raises NotAllowed, SecondFactorNeeded, SubscriptionUnknown, SubscriptionMoveRefused.
    """
    row = _locked(subscription_id)
    row.failures, row.failing_since, row.rest_until = 0, None, None
    _move(row, SubscriptionEvent.RESUME, "failures", "failing_since", "rest_until")
    waiting = models.Delivery.objects.filter(subscription_id=row.pk, state=DeliveryState.WAITING)
    waiting.update(next_at=None)


@db.use_case()
def end(*, subscription_id: int) -> None:
    """Send nothing any more; its secrets and all that waits are dropped.

    Raises NotAllowed, SecondFactorNeeded, SubscriptionUnknown, SubscriptionMoveRefused.
    """
    row = _locked(subscription_id)
    _move(row, SubscriptionEvent.END)
    models.Secret.objects.filter(subscription_id=row.pk).delete()
    models.Delivery.objects.filter(subscription_id=row.pk, state=DeliveryState.WAITING).delete()


@db.use_case()
def send_test(*, subscription_id: int, at: datetime) -> str:
    """Send a test event to this subscription alone; return the event's id.

    Raises NotAllowed, SecondFactorNeeded, SubscriptionUnknown.
    """
    row = _locked(subscription_id)
    event = models.Event.objects.create(lender_id=row.lender_id, kind=rules.TEST, at=at)
    models.Delivery.objects.create(
        event_id=event.pk, subscription_id=row.pk, lender_id=row.lender_id
    )
    return str(event.public_id)


@db.use_case()
def replay_one(*, subscription_id: int, delivery_id: int) -> None:
    """Send one event again, whatever became of it.

    Raises NotAllowed, SecondFactorNeeded, SubscriptionUnknown, DeliveryUnknown.
    """
    row = _locked(subscription_id)
    again = models.Delivery.objects.filter(subscription_id=row.pk, id=delivery_id)
    if not _send_again(again):
        raise rules.DeliveryUnknown(number=delivery_id)
    _record(Act.WEBHOOK_CHANGED, row, what="replayed", deliveries=1)


@db.use_case()
def replay_since(*, subscription_id: int, since: datetime, at: datetime) -> int:
    """Send again all that happened from a moment on, taken before or not; how many.

    Raises NotAllowed, SecondFactorNeeded, SubscriptionUnknown, SinceTooEarly.
    """
    row = _locked(subscription_id)
    if since < at - rules.KEPT_FOR:
        raise rules.SinceTooEarly(days=rules.KEPT_FOR.days)
    again = models.Delivery.objects.filter(subscription_id=row.pk, event__written_at__gte=since)
    count = _send_again(again)
    _record(Act.WEBHOOK_CHANGED, row, what="replayed", deliveries=count)
    return count


def _send_again(again: QuerySet[models.Delivery]) -> int:
    return again.update(state=DeliveryState.WAITING, tries=0, next_at=None)


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that is being tried: where to, what, signed with what."""

    id: int
    subscription_id: int
    tries: int
    address: str
    event_id: str
    body: bytes
    secrets: tuple[str, ...]


@db.use_case()
def take_next(*, subscription_id: int, at: datetime) -> Taken | None:
    """Take the oldest event that is due; None where there is none or the subscription rests.

    The try is counted before it is made: whoever is killed over it, or cannot write down what came
    of it, leaves it to be tried again after its pause, and a full disk lets nothing be sent at all.
    """
    sane = at + rules.LONGEST_PAUSE + rules.TAKEN_FOR
    row = models.Subscription.objects.filter(
        Q(rest_until=None) | Q(rest_until__lte=at) | Q(rest_until__gt=sane),
        id=subscription_id,
        state=SubscriptionState.ACTIVE,
    ).first()
    if row is None:
        return None
    due = models.Delivery.objects.select_for_update(skip_locked=True).filter(
        Q(next_at=None) | Q(next_at__lte=at) | Q(next_at__gt=sane),
        subscription_id=row.pk,
        state=DeliveryState.WAITING,
    )
    taken = due.order_by("id").first()
    if taken is None:
        return None
    taken.tries += 1
    taken.tried_at, taken.next_at = at, at + rules.TAKEN_FOR
    taken.save(update_fields=["tries", "tried_at", "next_at"])
    event_id, body = _body(taken.event_id)
    return Taken(
        taken.pk, row.pk, taken.tries, row.address, event_id, body, _secrets_valid(row, at)
    )


def _body(event_id: int) -> tuple[str, bytes]:
    (row,) = db.ask(BODY, {"event_id": event_id})
    return row["id"], rules.body(row | {"data": json.loads(row["data"])})


def _secrets_valid(row: models.Subscription, at: datetime) -> tuple[str, ...]:
    found = models.Secret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), subscription=row)
    kept = [(bytes(one.sealed), _about(one.name)) for one in found.order_by("-id")]
    return tuple(plain.decode() for plain in vault.open_all(kept, lender_id=row.lender_id))


@db.use_case()
def settle(*, taken: Taken, answer: rules.Answer, took_ms: int, at: datetime) -> None:
    """Write down what came of a try, and when there is another."""
    row = models.Subscription.objects.select_for_update().get(id=taken.subscription_id)
    if row.state == SubscriptionState.ACTIVE:
        _note_health(row, answer, at)
    again = None if answer.is_taken else rules.pause_after(taken.tries)
    if row.state == SubscriptionState.FAILING and not answer.is_taken:
        again = rules.LONGEST_PAUSE  # nothing is given up while nobody can be reached
    # Sent again by hand meanwhile, it waits anew and this try's end is no matter.
    models.Delivery.objects.filter(id=taken.id, tries=taken.tries).update(
        state=_state_after(answer, again),
        next_at=at + again if again is not None else None,
        answer_status=answer.status,
        answer_why=answer.why[:100],
        answer_ms=took_ms,
    )


def _state_after(answer: rules.Answer, again: timedelta | None) -> DeliveryState:
    if answer.is_taken:
        return DeliveryState.DELIVERED
    return DeliveryState.WAITING if again is not None else DeliveryState.GIVEN_UP


def _note_health(row: models.Subscription, answer: rules.Answer, at: datetime) -> None:
    """Who is unwell is left alone for a while; after days it is paused, who is gone at once."""
    if answer.is_taken:
        if row.failures:
            row.failures, row.failing_since, row.rest_until = 0, None, None
            row.save(update_fields=["failures", "failing_since", "rest_until"])
        return
    row.failures += 1
    row.failing_since = row.failing_since or at
    if not answer.is_about_the_event:
        row.rest_until = at + rules.rest_after(row.failures, answer, at=at)
    row.save(update_fields=["failures", "failing_since", "rest_until"])
    if answer.is_gone:
        _move(row, SubscriptionEvent.VANISH)
    elif rules.fails_for_long(row.failing_since, at):
        _move(row, SubscriptionEvent.FAIL)


@db.use_case()
def forget(*, at: datetime) -> int:
    """Drop events that are too old to be sent again, with their deliveries; how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [at - rules.KEPT_FOR])
        return int(cursor.rowcount)


def _locked(subscription_id: int) -> models.Subscription:
    """The subscription, locked, for whoever may keep it. Raises SubscriptionUnknown."""
    require(Right.KEEP_WEBHOOKS)
    rows = models.Subscription.objects.select_for_update().exclude(state=SubscriptionState.ENDED)
    row = rows.filter(id=subscription_id).first()
    if row is None or not serves(row.lender_id):
        raise rules.SubscriptionUnknown(number=subscription_id)
    return row


def _move(row: models.Subscription, event: SubscriptionEvent, *more: str) -> None:
    before = row.state
    row.state = rules.next_state(SubscriptionState(row.state), event)
    row.save(update_fields=["state", *more])
    _record(Act.WEBHOOK_CHANGED, row, what=row.state, before=before)


def _record(act: Act, row: models.Subscription, **facts: Any) -> None:
    audit.record(act, "webhook", row.pk, lender_id=row.lender_id, facts=facts)
