"""Each content has its own key; it is kept sealed by the key of its lender (see vault)."""

from recoup.foundation import vault
from recoup.foundation.filestore import stream

KEY_COLUMN = "filestore_content.sealed_key"


def new_sealed_key(lender_id: int, object_name: str) -> tuple[bytes, bytes]:
    """A new key, plain for now and sealed to be kept."""
    key = stream.new_key()
    return key, vault.seal(key, lender_id=lender_id, about=_about(object_name))


def open_key(sealed: bytes, lender_id: int, object_name: str) -> bytes:
    """The key of an object, if whoever asks serves the lender. Raises VaultRefused."""
    return vault.open_bytes(sealed, lender_id=lender_id, about=_about(object_name))


def stream_about(lender_id: int, object_name: str) -> bytes:
    """What a sealed stream is said to be: an object copied to another name does not open."""
    return f"filestore|{lender_id}|{object_name}".encode()


def _about(object_name: str) -> str:
    return f"{KEY_COLUMN}/{object_name}"
