"""What is told, how it is signed, how long it is tried, and what an address must be.

Signed as Standard Webhooks 1.0.0 says (https://www.standardwebhooks.com): HMAC-SHA256 over
`id.timestamp.body`, one signature per secret that is valid while they change.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from recoup.core.refusals import Refused

SECRET_BYTES = 32
SECRET_MARK = "whsec_"  # noqa: S105 - what stands before every secret
LONGEST_ADDRESS = 500
MOST_SUBSCRIPTIONS = 20  # of one lender
KEPT_FOR = timedelta(days=30)
FAILS_FOR = timedelta(days=3)
KEEP_OLD_DAYS = (0, 1, 7)

# After the first, second, … failed try. Thirteen tries over a little more than three days.
PAUSES = (
    timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10),
    timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4),
    timedelta(hours=8), timedelta(hours=12), timedelta(hours=24), timedelta(hours=24),
)  # fmt: skip
LONGEST_PAUSE = PAUSES[-1]
LONGEST_REST = timedelta(minutes=15)
# Taken by a worker that was killed before it could say what came of it: another takes it then.
TAKEN_FOR = timedelta(minutes=1)


class EventKind(StrEnum):
    """What can be subscribed to."""

    CASE_OPENED = "case.opened"
    CASE_MOVED = "case.moved"
    CASE_CURED = "case.cured"
    CASE_CLOSED = "case.closed"
    CASE_PLACED = "case.placed"
    CASE_TAKEN_BACK = "case.taken_back"
    PAYMENT_POSTED = "payment.posted"
    PAYMENT_REVERSED = "payment.reversed"
    PROMISE_TAKEN = "promise.taken"
    PROMISE_KEPT = "promise.kept"
    PROMISE_PARTLY_KEPT = "promise.partly_kept"
    PROMISE_BROKEN = "promise.broken"


TEST = "webhook.test"


class SubscriptionState(StrEnum):
    """PAUSED by somebody, FAILING by itself, GONE because the receiver said 410, ENDED for good."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    FAILING = "FAILING"
    GONE = "GONE"
    ENDED = "ENDED"


class SubscriptionEvent(StrEnum):
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    FAIL = "FAIL"
    VANISH = "VANISH"
    END = "END"


# Events are kept for these: what happens while a subscription rests is sent when it goes on.
LISTENING = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED, SubscriptionState.FAILING)
MOVES: dict[tuple[SubscriptionState, SubscriptionEvent], SubscriptionState] = {
    (SubscriptionState.ACTIVE, SubscriptionEvent.PAUSE): SubscriptionState.PAUSED,
    (SubscriptionState.FAILING, SubscriptionEvent.PAUSE): SubscriptionState.PAUSED,
    (SubscriptionState.PAUSED, SubscriptionEvent.RESUME): SubscriptionState.ACTIVE,
    (SubscriptionState.FAILING, SubscriptionEvent.RESUME): SubscriptionState.ACTIVE,
    (SubscriptionState.GONE, SubscriptionEvent.RESUME): SubscriptionState.ACTIVE,
    (SubscriptionState.ACTIVE, SubscriptionEvent.FAIL): SubscriptionState.FAILING,
    (SubscriptionState.ACTIVE, SubscriptionEvent.VANISH): SubscriptionState.GONE,
    (SubscriptionState.ACTIVE, SubscriptionEvent.END): SubscriptionState.ENDED,
    (SubscriptionState.PAUSED, SubscriptionEvent.END): SubscriptionState.ENDED,
    (SubscriptionState.FAILING, SubscriptionEvent.END): SubscriptionState.ENDED,
    (SubscriptionState.GONE, SubscriptionEvent.END): SubscriptionState.ENDED,
}


class DeliveryState(StrEnum):
    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    GIVEN_UP = "GIVEN_UP"


class AddressUnfit(Refused):
    """Events are not sent to such an address."""

    code = "webhook_address_unfit"
    message = "The address must be https://, of ASCII letters, without a name, password or #."


class AddressNotListed(Refused):
    """The operator has not said that the house may call there."""

    code = "webhook_address_not_listed"
    message = "The operator has not listed this address's origin yet (RECOUP_OUTBOUND); ask first."


class AddressKnown(Refused):
    """The lender has a subscription at this address."""

    code = "webhook_address_known"
    message = "There is a subscription for this address already."


class KindsMissing(Refused):
    """Nothing, or something unknown, was subscribed to."""

    code = "webhook_kinds_missing"
    message = "Choose at least one of the kinds of events there are."


class TooManySubscriptions(Refused):
    """The lender has as many as one may have."""

    code = "webhook_too_many"
    message = "A lender has at most %(most)s subscriptions; end one first."


class SubscriptionUnknown(Refused):
    """No such subscription, or it is none of the asker's: the answer is the same."""

    code = "webhook_unknown"
    message = "There is no subscription with the number %(number)s."


class LenderUnknown(Refused):
    """No such lender, or none that the asker works for."""

    code = "lender_unknown"
    message = "There is no lender with the code %(code)s."


class SubscriptionMoveRefused(Refused):
    """The state table does not list this move."""

    code = "webhook_move_refused"
    message = "A subscription that is %(state)s cannot be changed by %(event)s."


class SinceTooEarly(Refused):
    """So far back nothing is kept."""

    code = "webhook_since_too_early"
    message = "Deliveries are kept for %(days)s days; nothing older can be sent again."


class DeliveryUnknown(Refused):
    """No such delivery of this subscription."""

    code = "webhook_delivery_unknown"
    message = "There is no delivery with the number %(number)s."


def sound_address(said: str) -> str:
    """The address without blanks around it. Raises AddressUnfit."""
    address = said.strip()
    try:
        parts = urlsplit(address)
        is_fit = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise AddressUnfit from None
    is_plain = address.isascii() and address.isprintable() and " " not in address
    named = "@" in parts.netloc or "#" in address
    if not is_fit or not is_plain or named or len(address) > LONGEST_ADDRESS:
        raise AddressUnfit
    return address


def sound_kinds(said: Iterable[str]) -> list[str]:
    """The kinds, each once and in order. Raises KindsMissing."""
    asked = set(said)
    known = {kind.value for kind in EventKind}
    if not asked or not asked <= known:
        raise KindsMissing
    return [kind.value for kind in EventKind if kind.value in asked]


def next_state(state: SubscriptionState, event: SubscriptionEvent) -> SubscriptionState:
    """The state after `event`; refuses what the table does not list."""
    if (state, event) not in MOVES:
        raise SubscriptionMoveRefused(state=state.value, event=event.value)
    return MOVES[state, event]


def new_secret() -> str:
    """A signing secret as its receiver keeps it."""
    return SECRET_MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, *, event_id: str, sent_at: int, body: bytes) -> str:
    """One signature: `v1,` and the base64 of the HMAC. `sent_at` in seconds since 1970."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_MARK), validate=True)
    except binascii.Error as error:
        raise ValueError("no secret of ours") from error
    signed = f"{event_id}.{sent_at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers(
    secrets_valid: Collection[str], *, event_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """What goes beside the body: whose event, when it is sent, signed by every valid secret."""
    sent_at = int(at.timestamp())
    signed = (
        signature(one, event_id=event_id, sent_at=sent_at, body=body) for one in secrets_valid
    )
    return {
        "Content-Type": "application/json",
        "User-Agent": "Recoup-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(signed),
    }


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try: a status, or why there is none."""

    status: int | None
    why: str = ""
    retry_after: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the event."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more."""
        return self.status == 410

    @property
    def is_about_the_event(self) -> bool:
        """Whether this event was refused, rather than that the receiver is unwell or busy."""
        return (
            self.status is not None and 400 <= self.status < 500 and self.status not in {408, 429}
        )


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when it is given up."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


def rest_after(failures: int, answer: Answer, *, at: datetime) -> timedelta:
    """How long an unwell receiver is left alone after so many failures in a row.

    Longer where it asks for longer itself, up to a day.
    """
    usual = min(PAUSES[min(failures, len(PAUSES)) - 1], LONGEST_REST)
    return min(max(usual, _asked_for(answer.retry_after, at)), LONGEST_PAUSE)


def _asked_for(said: str, at: datetime) -> timedelta:
    """Retry-After (RFC 9110): seconds, or a date; nothing where it says neither."""
    if said.isascii() and said.isdigit() and len(said) <= 9:
        return timedelta(seconds=int(said))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return timedelta()
    return max(until.replace(tzinfo=until.tzinfo or UTC) - at, timedelta())


def fails_for_long(failing_since: datetime, at: datetime) -> bool:
    """Whether nothing got through for so long that somebody must look."""
    return at - failing_since >= FAILS_FOR


def body(event: Mapping[str, Any]) -> bytes:
    """The JSON that is sent: id, type, timestamp and data, without spaces.

    Keys that an event does not have are left out.
    """
    day = event["business_on"]
    data = {
        "lender": event["lender"],
        "contract_id": event["contract_id"],
        "contract_number": event["contract_number"],
        "case_id": event["case_id"],
        "business_day": day.isoformat() if day else None,
        "currency": event["currency"],
    } | event["data"]
    said = {
        "id": event["id"],
        "type": event["type"],
        "timestamp": event["at"].astimezone(UTC).isoformat(timespec="milliseconds"),
        "data": {name: value for name, value in data.items() if value is not None},
    }
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
