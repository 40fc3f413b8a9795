"""How a sealed value looks: version, data key, nonce, ciphertext, tag. Pure, no keys kept.

    byte 0        1
    bytes 1–4     number of the data key, big-endian
    bytes 5–16    nonce, random
    the rest      AES-256-GCM ciphertext and its 16 bytes of tag

The associated data bind a value to its lender and place: moved to another row it does not open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recoup.foundation.vault.refusals import SealBroken

VERSION = 1
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
_HEAD = 5
LEAST_BYTES = _HEAD + NONCE_BYTES + TAG_BYTES


def bound(lender_id: int, about: str) -> bytes:
    """The associated data: `about` is table.column/row, as the writer and the reader name it."""
    return f"{lender_id}|{about}".encode()


def head(key_id: int) -> bytes:
    """The first bytes of everything sealed under a data key."""
    return bytes((VERSION,)) + key_id.to_bytes(4)


def key_of(sealed: bytes) -> int:
    """The number of the data key it was sealed under. Raises SealBroken."""
    if len(sealed) < LEAST_BYTES or sealed[0] != VERSION:
        raise SealBroken(about="?")
    return int.from_bytes(sealed[1:_HEAD])


class Sealer:
    """Seals one lender's values under one data key; made once, called for each value."""

    __slots__ = ("_cipher", "_head", "_lender", "key_id")

    def __init__(self, lender_id: int, key_id: int, key: bytes) -> None:
        self.key_id = key_id
        self._lender = f"{lender_id}|"
        self._head = head(key_id)
        self._cipher = AESGCM(key)

    def seal(self, plain: str | bytes, about: str) -> bytes:
        """The sealed value; each time another one."""
        text = plain.encode() if isinstance(plain, str) else plain
        nonce = os.urandom(NONCE_BYTES)
        bind = (self._lender + about).encode()
        return self._head + nonce + self._cipher.encrypt(nonce, text, bind)

    def open(self, sealed: bytes, about: str) -> bytes:
        """What was sealed. Raises SealBroken."""
        nonce, rest = sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, rest, (self._lender + about).encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(about=about) from error
