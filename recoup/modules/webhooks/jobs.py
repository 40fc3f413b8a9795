"""Sending what waits: one subscription at a time, its events in order, by one worker at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from recoup.core.refusals import Refused
from recoup.foundation import db, outbound
from recoup.modules.webhooks import queries, rules, services
from recoup.modules.webhooks.rules import Answer
from recoup.modules.webhooks.services import Taken

SENDING = 0x5EC7 << 40  # with the subscription's number: the lock of who sends to it
TRY = "SELECT pg_try_advisory_lock(%(key)s) AS is_ours"
LET_GO = "SELECT pg_advisory_unlock(%(key)s)"


def due(*, at: datetime) -> list[int]:
    """Subscriptions with something to send now."""
    return queries.due(at=at, sane=at + rules.LONGEST_PAUSE + rules.TAKEN_FOR)


def send_waiting(
    *, subscription_id: int, clock: Callable[[], datetime], seconds: float = 30.0
) -> int:
    """Send what is due to one subscription, for about so long; how many tries it were.

    Safe to run twice at once and to be killed: what was taken and not settled is tried again.
    """
    until, tries = time.monotonic() + seconds, 0
    with _alone(subscription_id) as is_alone:
        while is_alone and time.monotonic() < until:
            taken = services.take_next(subscription_id=subscription_id, at=clock())
            if taken is None:
                break
            began = time.monotonic()
            answer = _tried(taken, clock())
            took_ms = round((time.monotonic() - began) * 1000)
            services.settle(taken=taken, answer=answer, took_ms=took_ms, at=clock())
            tries += 1
    return tries


def _tried(taken: Taken, at: datetime) -> Answer:
    """Send it; whatever comes of that is the answer."""
    headers = rules.headers(taken.secrets, event_id=taken.event_id, at=at, body=taken.body)
    try:
        answer = outbound.send(taken.address, taken.body, headers)
    except Refused as no:
        return Answer(None, str(no.params.get("why", no.code)))
    return Answer(answer.status, retry_after=answer.retry_after)


@contextmanager
def _alone(subscription_id: int) -> Iterator[bool]:
    """Whether nobody else sends to it; the database lets go when this connection ends."""
    key = {"key": SENDING + subscription_id}
    is_ours = bool(db.ask(TRY, key)[0]["is_ours"])
    try:
        yield is_ours
    finally:
        if is_ours:
            db.ask(LET_GO, key)
