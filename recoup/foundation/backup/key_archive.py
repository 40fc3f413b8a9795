"""The keys of an installation, in an archive of their own: never in the same place as a backup."""

import io
import os
import tarfile
from pathlib import Path

from recoup.foundation.backup import manifest as manifests
from recoup.foundation.backup import parts
from recoup.foundation.backup.parts import BackupKey
from recoup.foundation.backup.refusals import KeysMissing, NotEmpty, PlaceTaken
from recoup.foundation.backup.writing import packed
from recoup.foundation.vault import keyring


def save(*, to: Path, key: BackupKey, var: Path) -> None:
    """Seal the key folder and the key file in use into one file. Raises KeysMissing, PlaceTaken."""
    folders = {"keys": var / "keys"} if (var / "keys").is_dir() else {}
    if keyring.key_file().is_file() and keyring.key_file().parent != var / "keys":
        folders["keys/kek"] = keyring.key_file()
    if not folders:
        raise KeysMissing
    if to.exists():
        raise PlaceTaken(place=str(to))
    half = to.with_name(f"{to.name}.part")
    with os.fdopen(os.open(half, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
        for piece in parts.sealed(packed(folders), key=key, about=manifests.KEYS):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    half.rename(to)


def bring_back(*, file: Path, key: BackupKey, var: Path) -> None:
    """Unpack a key archive into the data folder. Raises BackupUnreadable, NotEmpty."""
    if (var / "keys").exists():
        raise NotEmpty
    plain = b"".join(parts.opened(file, key=key, about=manifests.KEYS))
    unpack(plain, var)
    for path in (var / "keys").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (var / "keys").chmod(0o700)


def unpack(plain: bytes, folder: Path) -> None:
    """Unpack an archive of ours; nothing in it leads out of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        archive.extractall(folder, filter="data")
