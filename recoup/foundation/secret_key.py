"""The signing key: from the environment, else made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

LEAST_CHARACTERS = 50
UNUSABLE = (
    "数据目录 %(var)s 无法使用（%(why)s）：请用 RECOUP_VAR 指定一个可写的文件夹。\n"
    "The data folder %(var)s cannot be used (%(why)s): name a folder that can be written, by"
    " RECOUP_VAR."
)


def load_secret_key(var: Path) -> str:
    """RECOUP_SECRET_KEY, else the key in `var/secret_key`, made on first use (mode 0600).

    Where the data folder cannot be one the process ends and says so: nothing is set up yet that
    could say it in one language.
    """
    if given := os.environ.get("RECOUP_SECRET_KEY"):
        return given
    try:
        return _kept_or_made(var)
    except OSError as error:
        raise SystemExit(UNUSABLE % {"var": var, "why": error.strerror}) from None


def _kept_or_made(var: Path) -> str:
    """It is written beside and then put in its place, so that two first starts agree on one key and
    a power cut leaves none that is empty."""
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
