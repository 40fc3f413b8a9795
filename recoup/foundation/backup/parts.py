"""The sealed parts of a backup: one key or passphrase opens all, each bound to its name and backup.

    part   "RCB1", 32 bytes of salt, then a sealed stream (filestore/stream.py)

The key of a part is HKDF-SHA256 of the backup key, or scrypt of the passphrase, with the part's own
salt; so no key seals two streams, and a part of another backup, or under another name, does not
open.
"""

import base64
import binascii
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from recoup.foundation.backup.refusals import BackupUnreadable, KeyUnusable
from recoup.foundation.filestore import stream

MAGIC = b"RCB1"
SALT_BYTES = 32
READ_BYTES = 1 << 20
LEAST_PASSPHRASE = 12
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 17, 8, 1  # OWASP's password storage cheat sheet


@dataclass(frozen=True, slots=True, repr=False)
class BackupKey:
    """What opens a backup: 32 random bytes, or a passphrase."""

    secret: bytes
    is_passphrase: bool

    def of(self, salt: bytes) -> bytes:
        """The key of the part with this salt."""
        if self.is_passphrase:
            return Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(
                self.secret
            )
        return HKDF(SHA256(), 32, salt, b"recoup backup part").derive(self.secret)


def new_key() -> str:
    """A new backup key, as it stands in its file."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def read_key(file: Path, *, is_passphrase: bool = False) -> BackupKey:
    """The key or the passphrase in a file. Raises KeyUnusable."""
    try:
        text = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(file=str(file)) from error
    if is_passphrase:
        if len(text) < LEAST_PASSPHRASE:
            raise KeyUnusable(file=str(file))
        return BackupKey(text.encode(), True)
    try:
        secret = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise KeyUnusable(file=str(file)) from error
    if len(secret) != 32:
        raise KeyUnusable(file=str(file))
    return BackupKey(secret, False)


def sealed(plain: Iterable[bytes], *, key: BackupKey, about: str) -> Iterator[bytes]:
    """The bytes of a part."""
    salt = secrets.token_bytes(SALT_BYTES)
    yield MAGIC + salt
    yield from stream.seal(plain, key=key.of(salt), about=_bound(about))


def opened(file: Path, *, key: BackupKey, about: str) -> Iterator[bytes]:
    """What a part holds. Raises BackupUnreadable, also at a part that is cut short."""
    try:
        with file.open("rb") as part:
            head = part.read(len(MAGIC) + SALT_BYTES)
            if len(head) != len(MAGIC) + SALT_BYTES or not head.startswith(MAGIC):
                raise BackupUnreadable(part=file.name)
            pieces = iter(lambda: part.read(READ_BYTES), b"")
            own = key.of(head[len(MAGIC) :])
            yield from stream.unseal(pieces, key=own, about=_bound(about))
    except (stream.StreamBroken, FileNotFoundError) as error:
        raise BackupUnreadable(part=file.name) from error


def _bound(about: str) -> bytes:
    return f"recoup backup|{about}".encode()
