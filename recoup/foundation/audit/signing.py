"""The key that signs anchors: Ed25519, in a file of the installation, never in the database."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from recoup.foundation.audit.refusals import AuditKeyBroken, AuditKeyMissing, AuditKeyOpen

OPEN_TO_OTHERS = 0o077


def load_key(file: Path, *, may_make: bool) -> Ed25519PrivateKey:
    """The key, made on first use (mode 0600).

    Raises AuditKeyMissing where none may be made, AuditKeyOpen and AuditKeyBroken.
    """
    if not file.exists():
        if not may_make:
            raise AuditKeyMissing(file=str(file))
        _make(file)
    if file.stat().st_mode & OPEN_TO_OTHERS:
        raise AuditKeyOpen(file=str(file))
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuditKeyBroken(file=str(file)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise AuditKeyBroken(file=str(file))
    return key


def is_signed(public: Ed25519PublicKey, text: str, signature: bytes) -> bool:
    """Whether the text was signed by the key's holder, letter by letter."""
    try:
        public.verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def public_pem(key: Ed25519PrivateKey) -> str:
    """What others verify with."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode()


def _make(file: Path) -> None:
    """Written beside and put in its place, so that two first starts agree on one key."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    half = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as new:
        new.write(pem)
        new.flush()
        os.fsync(new.fileno())
    try:
        os.link(half, file)
    except FileExistsError:
        pass
    finally:
        half.unlink()
