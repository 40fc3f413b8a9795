"""What changes about sessions and keys. Whoever calls has asked for the right."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from recoup.foundation import db
from recoup.foundation.access.rights import Right
from recoup.foundation.sign_in import models, rules
from recoup.foundation.sign_in.queries import REFERENCE_CHARACTERS


@dataclass(frozen=True, slots=True)
class KeyMade:
    """A new key. Its text is shown once and kept nowhere."""

    id: int
    text: str


@db.use_case()
def end_sessions(*, user_id: int, spare_key: str | None = None) -> int:
    """End a person's sessions at once, all but the one with `spare_key`; how many they were."""
    theirs = models.Session.objects.filter(user_id=user_id)
    if spare_key:
        theirs = theirs.exclude(session_key=rules.digest(spare_key))
    return theirs.delete()[0]


@db.use_case()
def end_session(*, user_id: int, reference: str) -> int:
    """End one session of a person, by the reference it is listed under."""
    if len(reference) != REFERENCE_CHARACTERS:
        return 0
    theirs = models.Session.objects.filter(user_id=user_id)
    return theirs.filter(session_key__startswith=reference).delete()[0]


@db.use_case()
def make_key(
    *,
    user_id: int,
    name: str,
    scopes: Collection[Right],
    expires_at: datetime,
    actor_id: int | None,
    at: datetime,
) -> KeyMade:
    """Make a key for a service account.

    Raises KeyNeedsName, KeyNeedsScopes, KeyLastsTooLong.
    """
    rules.check_key(name=name, scopes=scopes, expires_at=expires_at, at=at)
    parts = rules.new_key()
    row = models.ServiceKey.objects.create(
        user_id=user_id,
        name=name.strip(),
        reference=parts.reference,
        digest=rules.digest(parts.secret),
        scopes=sorted(scope.value for scope in scopes),
        made_at=at,
        made_by_id=actor_id,
        expires_at=expires_at,
    )
    return KeyMade(int(row.pk), parts.text)


@db.use_case()
def rotate_key(
    *, key_id: int, old_until: datetime, expires_at: datetime, actor_id: int | None, at: datetime
) -> KeyMade:
    """Make a successor for the same use; the old key opens until `old_until`, then no more.

    Raises KeyGone, KeyLastsTooLong.
    """
    old = models.ServiceKey.objects.select_for_update().get(id=key_id)
    if old.revoked_at is not None or old.expires_at <= at:
        raise rules.KeyGone
    scopes = rules.scopes_of(old.scopes)
    rules.check_key(name=old.name, scopes=scopes, expires_at=expires_at, at=at)
    parts = rules.new_key()
    new = models.ServiceKey.objects.create(
        user_id=old.user_id,
        name=old.name,
        reference=parts.reference,
        digest=rules.digest(parts.secret),
        scopes=sorted(scopes),
        made_at=at,
        made_by_id=actor_id,
        expires_at=expires_at,
    )
    old.revoked_at = old_until
    old.save(update_fields=["revoked_at"])
    return KeyMade(int(new.pk), parts.text)


@db.use_case()
def revoke_key(*, key_id: int, at: datetime) -> None:
    """End a key at once; revoking twice changes nothing."""
    _live(at).filter(id=key_id).update(revoked_at=at)


def shut_out(*, user_id: int, at: datetime) -> None:
    """End every session and key of somebody who leaves, in the transaction that is open."""
    models.Session.objects.filter(user_id=user_id).delete()
    _live(at).filter(user_id=user_id).update(revoked_at=at)


@db.use_case()
def revoke_keys(*, user_id: int, at: datetime) -> int:
    """End every key of a service account."""
    return _live(at).filter(user_id=user_id).update(revoked_at=at)


def _live(at: datetime) -> QuerySet[models.ServiceKey]:
    """Keys not yet revoked; one that was changed for another is revoked in some days."""
    return models.ServiceKey.objects.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=at))


def note_key_used(*, key_id: int, at: datetime) -> None:
    """Remember when a key was used last, every few minutes: what is never used can be revoked."""
    stale = Q(used_at__isnull=True) | Q(used_at__lt=at - rules.KEY_USE_EVERY)
    models.ServiceKey.objects.filter(stale, id=key_id).update(used_at=at)
