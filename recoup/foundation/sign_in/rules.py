"""How long a session and a key last, what a key looks like, what is kept of either."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right

KEY_MARK = "recoup"  # so that a key that leaked into a file is found by its look
REFERENCE_BYTES = 6
SECRET_BYTES = 32
LONGEST_KEY = timedelta(days=366)
NAME_CHARACTERS = 100
SEEN_EVERY = timedelta(minutes=1)
KEY_USE_EVERY = timedelta(minutes=10)


class KeyRefused(Refused):
    """This is no key that opens anything: unknown, changed, ended or revoked alike."""

    code = "key_refused"
    message = "This key is not valid."


class KeyNeedsScopes(Refused):
    """A key without any right opens nothing and only lies about."""

    code = "key_needs_scopes"
    message = "Choose what the key may be used for."


class KeyNeedsName(Refused):
    """A key nobody can name is one nobody dares to revoke."""

    code = "key_needs_name"
    message = "Give the key a name of at most %(most)d characters."


class KeyLastsTooLong(Refused):
    """Every key ends, within a year."""

    code = "key_lasts_too_long"
    message = "A key must end between tomorrow and %(latest)s."


class KeyGone(Refused):
    """What was revoked or has ended cannot be changed any more."""

    code = "key_gone"
    message = "This key is revoked or has ended; make a new one."


@dataclass(frozen=True, slots=True)
class KeyParts:
    """A key as it is shown once: how it is called, and its secret."""

    reference: str
    secret: str

    @property
    def text(self) -> str:
        """What is handed over."""
        return f"{KEY_MARK}_{self.reference}_{self.secret}"


def new_key() -> KeyParts:
    """A key with 256 bits of chance in its secret."""
    return KeyParts(secrets.token_hex(REFERENCE_BYTES), secrets.token_hex(SECRET_BYTES))


def read_key(text: str) -> KeyParts:
    """A key as it was sent.

    Raises KeyRefused where it does not look like one.
    """
    mark, _, rest = text.partition("_")
    reference, _, secret = rest.partition("_")
    if mark != KEY_MARK or not _is_hex(reference, REFERENCE_BYTES):
        raise KeyRefused
    if not _is_hex(secret, SECRET_BYTES):
        raise KeyRefused
    return KeyParts(reference, secret)


def _is_hex(text: str, size: int) -> bool:
    return len(text) == 2 * size and set(text) <= set("0123456789abcdef")


def digest(secret: str) -> str:
    """What is kept of a secret that is long and random by itself: SHA-256, 64 hex digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_same(kept: str, secret: str) -> bool:
    """Whether this is the secret whose digest is kept; takes as long if it is not."""
    return hmac.compare_digest(kept, digest(secret))


def check_key(*, name: str, scopes: Collection[Right], expires_at: datetime, at: datetime) -> None:
    """Raise KeyNeedsName, KeyNeedsScopes or KeyLastsTooLong for a key that must not be made."""
    if not 0 < len(name.strip()) <= NAME_CHARACTERS:
        raise KeyNeedsName(most=NAME_CHARACTERS)
    if not scopes:
        raise KeyNeedsScopes
    if not at < expires_at <= at + LONGEST_KEY:
        raise KeyLastsTooLong(latest=(at + LONGEST_KEY).date())


def scopes_of(codes: Iterable[str]) -> frozenset[Right]:
    """The rights among codes; what is no right any more opens nothing."""
    return frozenset(Right(code) for code in codes if code in Right.__members__)


def browser_name(agent: str) -> str:
    """A browser as people call it, "Firefox · Windows"; what is unknown as it calls itself."""
    names = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    )  # fmt: skip
    name = next((called for mark, called in names if mark in agent), "")
    system = next((called for mark, called in systems if mark in agent), "")
    return f"{name} · {system}" if name and system else agent
