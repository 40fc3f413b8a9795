"""The signing key: from the environment, else made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

LEAST_CHARACTERS = 50


def load_secret_key(var: Path) -> str:
    """RECOUP_SECRET_KEY, else the key in `var/secret_key`, made on first use (mode 0600).

    It is written beside and then put in its place, so that two first starts agree on one key and
    a power cut leaves none that is empty.
    """
    if given := os.environ.get("RECOUP_SECRET_KEY"):
        return given
    file = var / "secret_key"
    kept = file.read_text() if file.exists() else ""
    if len(kept) >= LEAST_CHARACTERS:
        return kept
    file.unlink(missing_ok=True)
    var.mkdir(parents=True, exist_ok=True)
    half = var / f"secret_key.{os.getpid()}"
    with os.fdopen(os.open(half, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as new:
        new.write(secrets.token_urlsafe(48))
    try:
        os.link(half, file)  # fails where another start was first: then its key is the key
    except FileExistsError:
        pass
    finally:
        half.unlink()
    return file.read_text()
