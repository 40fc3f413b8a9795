"""Who calls: the key in the Authorization header, its owner let in, its scopes the only rights."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from recoup.foundation.access import entering
from recoup.foundation.access.context import Access, NotAllowed, held
from recoup.foundation.access.rights import Right
from recoup.foundation.journal import RunRow
from recoup.foundation.request_log import asked_by
from recoup.foundation.sign_in import queries, services
from recoup.foundation.sign_in.rules import KeyRefused
from recoup.foundation.throttle import Limit, take

PER_KEY = Limit("api", per_minute=600, at_once=120)
WRONG_KEYS = Limit("api_wrong_key", per_minute=10, at_once=20)


@dataclass(frozen=True, slots=True)
class Caller:
    """A service account that was let in by one of its keys."""

    key_id: int
    name: str
    access: Access
    night: RunRow | None


class ByKey(HttpBearer):
    """`Authorization: Bearer recoup_…`. A session's cookie opens nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The caller.

        Raises KeyRefused (always the same, whatever is wrong) and TooMany.
        """
        at = timezone.now()
        try:
            holder = queries.holder_of(token, at=at)
        except KeyRefused:
            take(WRONG_KEYS, str(request.META.get("REMOTE_ADDR")), at=at)
            raise
        asked_by(f"key {holder.key_id}")
        take(PER_KEY, str(holder.key_id), at=at)
        # A key is a secret of 256 bits, made by somebody with a second factor for named rights:
        # it opens what a password alone would not, and nothing it was not made for.
        entered = entering.enter(
            holder.user_id,
            on=timezone.localdate(),
            has_second_factor=True,
            scopes=holder.scopes,
        )
        if entered is None:
            raise KeyRefused
        services.note_key_used(key_id=holder.key_id, at=at)
        return Caller(
            holder.key_id,
            entered.user.get_username(),
            entered.access,
            entered.night,
        )


def caller_of(request: HttpRequest) -> Caller:
    """Who was let in for this request."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # put there by ninja
    return caller


@contextmanager
def acting(request: HttpRequest, right: Right | None) -> Iterator[Caller]:
    """The caller's access holds for the length of an operation, if it has the right.

    Raises NotAllowed. In the end nobody is in on the connection.
    """
    caller = caller_of(request)
    try:
        if right is not None and not caller.access.may(right):
            raise NotAllowed(right=right.value)
        with held(caller.access):
            yield caller
    finally:
        entering.leave()
