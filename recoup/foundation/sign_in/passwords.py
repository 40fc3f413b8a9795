"""Passwords: how they are hashed, and which are refused (NIST SP 800-63B 5.1.1, ASVS 5.0 V6.2).

No rule about capitals and digits, no forced change: length, and nothing that is known or guessable.
"""

import hashlib
import mmap
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_CHARACTERS = 128
SHA1_DIGITS = 40


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's least: 19 MiB, two rounds, one lane; eight at once fit a laptop."""

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1


class NotTooLong:
    """A password may be a sentence of up to so many characters; more only costs the server."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError above the limit."""
        if len(password) > MOST_CHARACTERS:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """The rule, in words."""
        return _("At most %(most)d characters.") % {"most": MOST_CHARACTERS}


class NotOurName:
    """The product's, the lender's and the trade's words make no password, however long."""

    def __init__(self, words: list[str]) -> None:
        self.words = [word.lower() for word in words if len(word) > 3]

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where nothing much is left without such words."""
        left = password.lower()
        for word in self.words:
            left = left.replace(word, "")
        if len(left) < len(password) and len(left) < 8:
            raise ValidationError(self.get_help_text(), code="password_is_our_name")

    def get_help_text(self) -> str:
        """The rule, in words."""
        return _("Not made of the name of this system or company.")


class NotBreached:
    """Not among passwords that were stolen elsewhere.

    `file` is a list kept on this machine: one SHA-1 in hexadecimal per line, sorted, as the public
    collections are given out (HASH or HASH:COUNT). Nothing is asked over the network.
    """

    def __init__(self, file: str = "") -> None:
        self.file = Path(file) if file else None

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for one that stands in the list."""
        if self.file is None:
            return
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if _stands_in(self.file, wanted.encode()):
            raise ValidationError(self.get_help_text(), code="password_breached")

    def get_help_text(self) -> str:
        """The rule, in words."""
        return _("Not among passwords that were stolen elsewhere.")


def _stands_in(file: Path, wanted: bytes) -> bool:
    """Look a line up in a sorted file by halving: 30 reads for a thousand million lines."""
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as lines:
        low, high = 0, len(lines)
        while low < high:
            begin = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = lines.find(b"\n", begin)
            end = len(lines) if end < 0 else end
            found = lines[begin : begin + SHA1_DIGITS].upper()
            if found == wanted:
                return True
            low, high = (end + 1, high) if found < wanted else (low, begin)
    return False
