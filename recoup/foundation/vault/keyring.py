"""The keys which wrap the data keys (KEK): from a file, the environment, or a service.

The present one wraps; all of them unwrap, so that an old one stays readable while it is replaced.
No key ever stands in the database, in settings or in a log.
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from recoup.foundation.vault.aws_kms import AwsKms
from recoup.foundation.vault.envelope import KEY_BYTES, NONCE_BYTES
from recoup.foundation.vault.refusals import (
    KeyFileMissing,
    KeyFileOpen,
    KeyMissing,
    KeyUnreadable,
    KeyWrong,
)

OPEN_TO_OTHERS = 0o077


class Keeper(Protocol):
    """Whoever keeps a key-encrypting key: ourselves, or a service that never shows it."""

    @property
    def name(self) -> str:
        """What the data keys remember of it."""

    def wrap(self, key: bytes, about: str) -> bytes:
        """The data key, readable for this keeper only and bound to `about`."""

    def unwrap(self, wrapped: bytes, about: str) -> bytes:
        """The data key. Raises KeyWrong."""


class OwnKey:
    """A key of our own, 32 bytes; its name is a fingerprint that says nothing about it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self.name = "own:" + hashlib.sha256(b"recoup kek name|" + key).hexdigest()[:16]

    def wrap(self, key: bytes, about: str) -> bytes:
        """Nonce, ciphertext, tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, about.encode())

    def unwrap(self, wrapped: bytes, about: str) -> bytes:
        """The data key. Raises KeyWrong."""
        nonce, rest = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, about.encode())
        except (InvalidTag, ValueError) as error:
            raise KeyWrong(name=self.name, key=about) from error


@dataclass(frozen=True, slots=True)
class Ring:
    """The keepers at hand; the first is the present one."""

    keepers: tuple[Keeper, ...]

    @property
    def present(self) -> Keeper:
        """Who wraps new data keys."""
        return self.keepers[0]

    def keeper(self, name: str) -> Keeper:
        """The keeper of that name. Raises KeyMissing."""
        found = next((keeper for keeper in self.keepers if keeper.name == name), None)
        if found is None:
            raise KeyMissing(name=name)
        return found


def key_file() -> Path:
    """RECOUP_KEK_FILE, else `var/keys/kek`."""
    named = os.environ.get("RECOUP_KEK_FILE")
    return Path(named) if named else Path(settings.VAR) / "keys" / "kek"


def read(may_make: Callable[[], bool]) -> Ring:
    """Every keeper the environment names: a service first, then RECOUP_KEK, then the file.

    Where none is named the file is made, unless there are sealed data already (`may_make`).
    Raises KeyFileMissing, KeyFileOpen, KeyUnreadable.
    """
    keepers: list[Keeper] = []
    if kms := AwsKms.of_environment(os.environ):
        keepers.append(kms)
    if given := os.environ.get("RECOUP_KEK"):
        keepers += _own_keys(given.replace(",", " ").split(), "RECOUP_KEK")
    file = key_file()
    if file.exists():
        keepers += _own_keys(_lines(file), str(file))
    elif os.environ.get("RECOUP_KEK_FILE") or not keepers:
        if os.environ.get("RECOUP_KEK_FILE") or not may_make():
            raise KeyFileMissing(file=str(file))
        make_file(file)
        keepers += _own_keys(_lines(file), str(file))
    return Ring(tuple(keepers))


def make_file(file: Path) -> None:
    """A first key, mode 0600; where another process was first, its key is the key."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = _written_beside(file, [new_key()])
    try:
        os.link(half, file)
    except FileExistsError:
        pass
    finally:
        half.unlink()


def put_first(file: Path, key: str) -> None:
    """Make this the present key; those of before stay readable behind it."""
    _written_beside(file, [key, *_lines(file)]).replace(file)


def keep_first(file: Path) -> int:
    """Forget every key but the present one; how many were forgotten."""
    lines = _lines(file)
    _written_beside(file, lines[:1]).replace(file)
    return len(lines) - 1


def first_in(file: Path) -> str:
    """The name of the file's first key."""
    return _own_keys(_lines(file), str(file))[0].name


def new_key() -> str:
    """Thirty-two random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _written_beside(file: Path, lines: list[str]) -> Path:
    """A finished file of another name, on disk: a power cut leaves the old one or the new one."""
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return half


def _lines(file: Path) -> list[str]:
    if file == Path(settings.VAR) / "keys" / "kek" and file.stat().st_mode & OPEN_TO_OTHERS:
        raise KeyFileOpen(file=str(file))
    return file.read_text().split()


def _own_keys(texts: Iterable[str], source: str) -> list[Keeper]:
    keys = []
    for text in texts:
        try:
            key = base64.b64decode(text, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            raise KeyUnreadable(source=source)
        keys.append(OwnKey(key))
    if not keys:
        raise KeyUnreadable(source=source)
    return list[Keeper](keys)
