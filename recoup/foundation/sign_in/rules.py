"""How long sessions, keys and codes last, what they look like, what is kept of them."""

import hashlib
import hmac
import secrets
import unicodedata
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
# An enrolment code: 80 bits, in letters that nobody mistakes for others on paper or by telephone.
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_GROUPS, GROUP_LETTERS = 4, 4
CODE_LASTS = timedelta(hours=8)
CODE_TRIES = 5
FIRST_PASSWORD_LASTS = timedelta(days=7)


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


class EnrolmentForOneself(Refused):
    """Whoever gives a code out knows it: to oneself it would prove nothing."""

    code = "enrolment_for_oneself"
    message = "Nobody lets themselves in; ask another operator."


class EnrolmentForNobody(Refused):
    """The person is not here, or not any more."""

    code = "enrolment_for_nobody"
    message = "There is nobody with this number, or they no longer work here."


class FactorKnown(Refused):
    """A code is for the first factor; further ones are set up by showing the one that is there."""

    code = "factor_known"
    message = "This person has a second factor already. If it is lost, forget it first."


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


def new_code() -> str:
    """An enrolment code, as it is handed over: K7MQ-2XRT-9HVC-W4DN."""
    groups = (
        "".join(secrets.choice(CODE_LETTERS) for _ in range(GROUP_LETTERS))
        for _ in range(CODE_GROUPS)
    )
    return "-".join(groups)


def bare_code(typed: str) -> str:
    """A code as it was typed, without what does not matter: case, blanks, hyphens, wide letters."""
    narrow = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in narrow if letter in CODE_LETTERS)


def is_code_open(*, expires_at: datetime, wrong_tries: int, at: datetime) -> bool:
    """Whether an enrolment code still opens: neither ended nor guessed at too often."""
    return at < expires_at and wrong_tries < CODE_TRIES


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


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser and what it runs on, by the names people use; empty where unknown."""

    name: str = ""
    system: str = ""


# The first mark that stands in what a browser says of itself wins: most claim to be others too.
BROWSERS = (
    ("wxwork", "WeCom"), ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Lark", "Lark"),
    ("HuaweiBrowser", "Huawei Browser"), ("MiuiBrowser", "Mi Browser"), ("UCBrowser", "UC Browser"),
    ("QQBrowser", "QQ Browser"), ("QIHU", "360 Browser"), ("MetaSr", "Sogou Browser"),
    ("SamsungBrowser", "Samsung Internet"), ("Edg", "Edge"),
    ("OPR/", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> Browser:
    """Which browser this is, by what it says of itself; what says nothing known is unknown."""
    return Browser(_first(BROWSERS, agent), _first(SYSTEMS, agent))


def _first(marks: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((called for mark, called in marks if mark in agent), "")
