"""Questions about open sessions and keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from recoup.foundation.access.rights import Right
from recoup.foundation.sign_in import models, rules

REFERENCE_CHARACTERS = 16
MOST_ROWS = 500
# Named one by one: a person's row is not read whole, its password is shown to nobody.
_PERSON = ("user__username", "user__display_name")
_SESSION_COLUMNS = (
    *_PERSON, "session_key", "opened_at", "seen_at", "address", "agent", "has_second_factor",
)  # fmt: skip
_KEY_COLUMNS = (
    *_PERSON, "name", "reference", "scopes", "made_at", "expires_at", "revoked_at", "used_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An open session, for whoever may see or end it. `reference` opens nothing."""

    reference: str
    user_id: int
    username: str
    name: str
    opened_at: datetime
    seen_at: datetime
    address: str
    browser: rules.Browser
    has_second_factor: bool
    is_this: bool


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a service account, without its secret."""

    id: int
    name: str
    reference: str
    user_id: int
    username: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    is_live: bool


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whom a key belongs to, and which rights it was made for."""

    key_id: int
    user_id: int
    scopes: frozenset[Right]


def open_sessions(
    *, at: datetime, user_id: int | None = None, this_key: str | None = None
) -> list[SessionRow]:
    """Sessions that are open, newest use first: one person's, or everybody's."""
    found = live(at).select_related("user").only(*_SESSION_COLUMNS).order_by("-seen_at")
    if user_id is not None:
        found = found.filter(user_id=user_id)
    this = rules.digest(this_key) if this_key else ""
    return [_session_row(row, this) for row in found.filter(user__isnull=False)[:MOST_ROWS]]


def live(at: datetime) -> QuerySet[models.Session]:
    """Sessions neither idle for too long nor open for too long."""
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return models.Session.objects.filter(expire_date__gt=at, seen_at__gt=at - idle)


def keys(*, at: datetime) -> list[KeyRow]:
    """Every key that was made, the live ones first."""
    found = models.ServiceKey.objects.select_related("user").only(*_KEY_COLUMNS)
    rows = [_key_row(row, at) for row in found.order_by("-made_at")[:MOST_ROWS]]
    return sorted(rows, key=lambda row: not row.is_live)


def holder_of(text: str, *, at: datetime) -> KeyHolder:
    """Whose key this is.

    Raises KeyRefused, without saying whether it is unknown, changed, ended or revoked.
    """
    parts = rules.read_key(text)
    row = (
        models.ServiceKey.objects.filter(reference=parts.reference, user__is_active=True)
        .only("id", "user_id", "digest", "scopes", "expires_at", "revoked_at")
        .first()
    )
    kept = row.digest if row else rules.digest("")
    is_right = rules.is_same(kept, parts.secret)
    if row is None or not is_right or not _is_live(row, at):
        raise rules.KeyRefused
    return KeyHolder(int(row.pk), row.user_id, rules.scopes_of(row.scopes))


def _is_live(row: models.ServiceKey, at: datetime) -> bool:
    return row.expires_at > at and (row.revoked_at is None or row.revoked_at > at)


def _session_row(row: models.Session, this: str) -> SessionRow:
    user: Any = row.user  # never none among those asked for
    return SessionRow(
        reference=row.session_key[:REFERENCE_CHARACTERS],
        user_id=user.pk,
        username=user.get_username(),
        name=getattr(user, "display_name", "") or user.get_username(),
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        address=row.address or "",
        browser=rules.browser_of(row.agent),
        has_second_factor=row.has_second_factor,
        is_this=row.session_key == this,
    )


def _key_row(row: models.ServiceKey, at: datetime) -> KeyRow:
    return KeyRow(
        id=int(row.pk),
        name=row.name,
        reference=row.reference,
        user_id=row.user_id,
        username=row.user.get_username(),
        scopes=tuple(row.scopes),
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
        is_live=_is_live(row, at),
    )
