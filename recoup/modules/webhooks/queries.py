"""Questions about subscriptions and what became of what they were told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recoup.foundation import db
from recoup.foundation.access.context import current
from recoup.modules.webhooks.rules import DeliveryState, SubscriptionState, SubscriptionUnknown

SUBSCRIPTIONS = """
SELECT s.id, s.lender_id, l.code AS lender, l.name AS lender_name, s.address, s.kinds, s.state,
       s.made_at, s.failing_since, s.rest_until,
       (SELECT count(*) FROM webhooks_delivery d
         WHERE d.subscription_id = s.id AND d.state = 'WAITING') AS waiting,
       (SELECT max(d.tried_at) FROM webhooks_delivery d
         WHERE d.subscription_id = s.id AND d.state = 'DELIVERED') AS delivered_at,
       (SELECT count(*) FROM webhooks_delivery d
         WHERE d.subscription_id = s.id AND d.state = 'GIVEN_UP') AS given_up
  FROM webhooks_subscription s
  JOIN parties_lender l ON l.id = s.lender_id
 WHERE s.state <> 'ENDED' AND s.lender_id = ANY(%(lender_ids)s)
   AND (%(id)s::bigint IS NULL OR s.id = %(id)s)
 ORDER BY l.name, s.id
"""
SECRETS = """
SELECT made_at, ends_at FROM webhooks_secret
 WHERE subscription_id = %(id)s AND (ends_at IS NULL OR ends_at > %(at)s)
 ORDER BY id DESC
"""
DELIVERIES = """
SELECT d.id, e.public_id::text AS event_id, e.kind, e.at, e.contract_id, d.state, d.tries,
       d.next_at, d.tried_at, d.answer_status, d.answer_why, d.answer_ms
  FROM webhooks_delivery d
  JOIN webhooks_event e ON e.id = d.event_id
 WHERE d.subscription_id = %(id)s
   AND (%(state)s = '' OR d.state = %(state)s)
   AND (%(before)s::bigint IS NULL OR d.id < %(before)s)
 ORDER BY d.id DESC
 LIMIT %(limit)s
"""
LENDERS = "SELECT id, code, name FROM parties_lender WHERE id = ANY(%(ids)s) ORDER BY name, id"
ALL_LENDERS = "SELECT id, code, name FROM parties_lender ORDER BY name, id"
# What lies further ahead than the longest pause was written by a clock that was wrong then.
DUE = """
SELECT s.id
  FROM webhooks_subscription s
 WHERE s.state = 'ACTIVE'
   AND (s.rest_until IS NULL OR s.rest_until <= %(at)s OR s.rest_until > %(sane)s)
   AND EXISTS (SELECT FROM webhooks_delivery d
                WHERE d.subscription_id = s.id AND d.state = 'WAITING'
                  AND (d.next_at IS NULL OR d.next_at <= %(at)s OR d.next_at > %(sane)s))
 ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Lender:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription as its owner sees it; `delivered_at` is when something was taken last."""

    id: int
    lender_id: int
    lender: str
    lender_name: str
    address: str
    kinds: list[str]
    state: SubscriptionState
    made_at: datetime
    failing_since: datetime | None
    rest_until: datetime | None
    waiting: int
    delivered_at: datetime | None
    given_up: int


@dataclass(frozen=True, slots=True)
class SecretRow:
    """Since when a secret signs, and until when."""

    made_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One event for one subscription, and what its receiver said last."""

    id: int
    event_id: str
    kind: str
    at: datetime
    contract_id: int | None
    state: DeliveryState
    tries: int
    next_at: datetime | None
    tried_at: datetime | None
    answer_status: int | None
    answer_why: str
    answer_ms: int | None


def lenders() -> list[Lender]:
    """Whose events whoever asks may have sent somewhere."""
    access = current()
    if access.system:
        return [Lender(**row) for row in db.ask(ALL_LENDERS)]
    return [Lender(**row) for row in db.ask(LENDERS, {"ids": list(access.lender_ids)})]


def subscriptions(subscription_id: int | None = None) -> list[SubscriptionRow]:
    """Those of the asker's lenders that have not ended."""
    asked = {"id": subscription_id, "lender_ids": [lender.id for lender in lenders()]}
    return [
        SubscriptionRow(**row | {"state": SubscriptionState(row["state"])})
        for row in db.ask(SUBSCRIPTIONS, asked)
    ]


def subscription(subscription_id: int) -> SubscriptionRow:
    """One of them. Raises SubscriptionUnknown."""
    found = subscriptions(subscription_id)
    if not found:
        raise SubscriptionUnknown(number=subscription_id)
    return found[0]


def secrets_of(subscription_id: int, *, at: datetime) -> list[SecretRow]:
    """The secrets that sign now, newest first; never what they are."""
    return [SecretRow(**row) for row in db.ask(SECRETS, {"id": subscription_id, "at": at})]


def deliveries(
    subscription_id: int, *, state: str = "", before: int | None = None, limit: int = 50
) -> list[DeliveryRow]:
    """What a subscription was told or is to be told, newest first."""
    asked = {"id": subscription_id, "state": state, "before": before, "limit": limit}
    return [
        DeliveryRow(**row | {"state": DeliveryState(row["state"])})
        for row in db.ask(DELIVERIES, asked)
    ]


def due(*, at: datetime, sane: datetime) -> list[int]:
    """Subscriptions with something to send now."""
    asked: dict[str, Any] = {"at": at, "sane": sane}
    return [row["id"] for row in db.ask(DUE, asked)]
