"""Sessions in the database: limits in the one question that finds them, ended by one deletion.

The browser holds the key; the table holds its digest, so that who reads the table cannot sit down
in anybody's place. A session ends after SESSION_IDLE_SECONDS without a request and after
SESSION_COOKIE_AGE whatever happens (ASVS 5.0 V7.3).
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from recoup.foundation.sign_in import resets
from recoup.foundation.sign_in.models import Session
from recoup.foundation.sign_in.queries import live
from recoup.foundation.sign_in.rules import SEEN_EVERY, digest

ADDRESS, AGENT, SECOND_FACTOR = "from_address", "from_agent", "second_factor"
ENROLLING = "enrolling"
FIRST_PASSWORD = "first_password"  # noqa: S105 - opened with one that somebody else set
AGENT_CHARACTERS = 200


class SessionStore(DatabaseStore):
    """Django's session, kept in our own table."""

    opened_at: datetime | None = None
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        return Session

    def load(self) -> dict[str, Any]:
        """What was kept; nothing, and no key, where the session is unknown or has ended."""
        found = live(timezone.now()).filter(session_key=digest(self.session_key or "")).first()
        if found is None:
            self._session_key = None
            return {}
        self.opened_at, self.seen_at = found.opened_at, found.seen_at
        return self.decode(found.session_data)

    def exists(self, session_key: str | None = None) -> bool:
        """Whether a key is taken."""
        return Session.objects.filter(session_key=digest(session_key or "")).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for what is kept now. The end of the session counts from its beginning."""
        now = timezone.now()
        self.opened_at = self.opened_at or now
        self.seen_at = now
        user_id = data.get("_auth_user_id")
        return Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.opened_at + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            user_id=int(user_id) if user_id else None,
            opened_at=self.opened_at,
            seen_at=now,
            address=data.get(ADDRESS) or None,
            agent=data.get(AGENT, "")[:AGENT_CHARACTERS],
            has_second_factor=bool(data.get(SECOND_FACTOR)),
        )

    def delete(self, session_key: str | None = None) -> None:
        """End a session, by default this one."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest(key)).delete()

    def flush(self) -> None:
        """End this session; what follows is a new one."""
        super().flush()
        self.opened_at = self.seen_at = None

    def begin_anew(self) -> None:
        """Somebody signs in: the session's end counts from now."""
        self.opened_at = None

    def touch(self) -> None:
        """Somebody is still there; written once a minute."""
        now = timezone.now()
        if self.session_key and self.seen_at and now - self.seen_at > SEEN_EVERY:
            Session.objects.filter(session_key=digest(self.session_key)).update(seen_at=now)
            self.seen_at = now

    @classmethod
    def clear_expired(cls) -> None:
        """Forget sessions that have ended."""
        resets.forget_sessions(at=timezone.now())
