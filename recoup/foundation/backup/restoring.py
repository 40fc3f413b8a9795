"""Restoring a backup into an empty installation, and looking at all of it afterwards.

Objects first, then the database in one transaction: until that is committed nothing is restored,
and one that was killed on the way begins anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from psycopg import sql

from recoup.foundation import audit
from recoup.foundation.access import roles
from recoup.foundation.audit import Act
from recoup.foundation.backup import key_archive, manifest, parts, postgres_tools
from recoup.foundation.backup.manifest import Manifest
from recoup.foundation.backup.parts import BackupKey
from recoup.foundation.backup.refusals import (
    BackupUnreadable,
    KeysMissing,
    NoBackupThere,
    NotEmpty,
    NotWhatItWas,
    PastItsTerm,
)
from recoup.foundation.filestore import places, upkeep
from recoup.foundation.filestore.places import Folder
from recoup.foundation.vault import keyring
from recoup.foundation.vault.refusals import KeyFileMissing

Tell = Callable[[str, int, int], object]
ANY_TABLE = "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"


@dataclass(frozen=True, slots=True)
class Backup:
    """An opened backup: where it lies, what opens it, what it says of itself."""

    folder: Path
    key: BackupKey
    manifest: Manifest

    def part(self, name: str) -> Iterator[bytes]:
        """What a part of it holds. Raises BackupUnreadable."""
        about = f"{self.manifest.backup_id}|{name}"
        return parts.opened(self.folder / f"{name}.sealed", key=self.key, about=about)

    def objects(self) -> list[tuple[str, int, str]]:
        """Name, length and fingerprint of each object."""
        lines = b"".join(self.part(manifest.OBJECTS)).decode().splitlines()
        return [(name, int(length), said) for name, length, said in map(json.loads, lines)]


def opened(folder: Path, key: BackupKey) -> Backup:
    """A backup, its manifest read. Raises NoBackupThere, BackupUnreadable."""
    file = folder / f"{manifest.MANIFEST}.sealed"
    if not file.is_file():
        raise NoBackupThere(place=str(folder))
    about = f"|{manifest.MANIFEST}"
    return Backup(folder, key, manifest.read(parts.opened(file, key=key, about=about)))


def restore(
    *,
    backup: Backup,
    keys: Path | None,
    var: Path,
    ready: Callable[[], object] = lambda: None,
    tell: Tell = lambda *_: None,
) -> Manifest:
    """Bring a backup back. `keys`: its key archive, unless the keys are in place already.

    `ready` is asked when the keys are there and nothing else is: what it raises restores nothing.

    Raises NotEmpty, KeysMissing, MadeByNewer, BackupUnreadable, ToolFailed, NotWhatItWas.
    """
    manifest.refuse_newer(backup.manifest)
    refuse_data()
    _bring_keys(backup, keys, var)
    ready()
    _bring_objects(backup, tell)
    if backup.manifest.has_anchors:
        key_archive.unpack(b"".join(backup.part(manifest.ANCHORS)), var)
    _make_roles()
    tell("database", 0, 0)
    postgres_tools.restore(backup.part(manifest.DATABASE))
    check_rows(backup.manifest)
    call_command("migrate", verbosity=0, interactive=False)
    return backup.manifest


def refuse_past(said: Manifest, today: date) -> None:
    """Raise PastItsTerm for a backup that should have gone by now."""
    if said.keep_until is not None and said.is_past(today):
        raise PastItsTerm(day=said.keep_until.isoformat())


def refuse_data() -> None:
    """Raise NotEmpty where there are tables."""
    with connection.cursor() as cursor:
        cursor.execute(ANY_TABLE)
        if cursor.fetchone():
            raise NotEmpty


def _bring_keys(backup: Backup, keys: Path | None, var: Path) -> None:
    if keys is not None:
        key_archive.bring_back(file=keys, key=backup.key, var=var)
    elif backup.manifest.rows.get("vault_datakey"):
        try:
            keyring.read(may_make=lambda: False)
        except KeyFileMissing as error:
            raise KeysMissing from error


def _bring_objects(backup: Backup, tell: Tell) -> None:
    """Copy each object into the store; it is hashed on the way, before it gets its name."""
    source, store = Folder(backup.folder / "store"), places.place()
    there = {found.name: found.size_bytes for found in store.objects()}
    named = backup.objects()
    for done, (name, length, said) in enumerate(named, start=1):
        if there.get(name) != length:
            store.write(name, _verified(source.read(name, 0, length), name, said))
        tell("objects", done, len(named))


def _verified(pieces: Iterable[bytes], name: str, said: str) -> Iterator[bytes]:
    """The pieces; if their fingerprint is another one they end in a refusal, and nothing stays."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
        yield piece
    if found.hexdigest() != said:
        raise BackupUnreadable(part=name)


def _make_roles() -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        roles.make_missing(cursor)


def check_rows(said: Manifest) -> None:
    """Raise NotWhatItWas unless every table has as many rows as when it was saved."""
    count = sql.SQL("SELECT count(*) FROM {}")
    with connection.cursor() as cursor:
        for table, rows in said.rows.items():
            cursor.execute(count.format(sql.Identifier(table)))
            if (found := _one(cursor)) != rows:
                raise NotWhatItWas(what=f"{table}: {found} / {rows}")


def _one(cursor: Any) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def check_files(tell: Tell = lambda *_: None) -> int:
    """Hash every file of the restored store anew; how many. Raises NotWhatItWas."""
    verified = upkeep.verify(lambda done, of: tell("files", done, of))
    if verified.faults:
        first = verified.faults[0]
        raise NotWhatItWas(what=f"filestore_content {first.content_id}: {first.why}")
    return verified.contents


def note(manifest_: Manifest, at: datetime) -> None:
    """Put the restoring on record."""
    facts = {"backup": manifest_.backup_id, "made_at": manifest_.made_at.isoformat()}
    audit.record(Act.RESTORED, "backup", None, facts=facts | {"restored_at": at.isoformat()})
