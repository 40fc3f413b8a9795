"""The signing key: from the environment, else made once and kept in the data folder."""

import os
import secrets
from pathlib import Path


def load_secret_key(var: Path) -> str:
    """RECOUP_SECRET_KEY, else the key in `var/secret_key`, made on first use (mode 0600)."""
    if given := os.environ.get("RECOUP_SECRET_KEY"):
        return given
    file = var / "secret_key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text()
