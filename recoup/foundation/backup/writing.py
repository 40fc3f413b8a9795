"""Making a backup: one moment of the database, every object of that moment, and nothing half-done.

The moment is a snapshot of the database, shared with pg_dump. Objects never change, and none is
removed while we copy (filestore/removal.py), so the objects named in the snapshot are those of the
moment. The folder gets its name when everything is on disk.
"""

import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from psycopg import sql

from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.audit import Act
from recoup.foundation.backup import manifest as manifests
from recoup.foundation.backup import parts, postgres_tools
from recoup.foundation.backup.manifest import Manifest
from recoup.foundation.backup.parts import BackupKey
from recoup.foundation.backup.refusals import PlaceTaken
from recoup.foundation.filestore import places, removal, stream
from recoup.foundation.filestore.places import Folder

Tell = Callable[[str, int, int], object]
OBJECTS_OF_THE_MOMENT = """
SELECT object_name, size_bytes FROM filestore_content WHERE erased_at IS NULL ORDER BY id
"""
TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY id"


@dataclass(frozen=True, slots=True)
class Copied:
    """How many objects, how many bytes, and how many the store had lost before."""

    objects: int
    bytes: int
    missing: int


def make(
    *,
    to: Path,
    key: BackupKey,
    anchors: Path,
    at: datetime,
    keep_until: date,
    tell: Tell = lambda *_: None,
) -> Manifest:
    """Write a backup into a folder that does not exist yet. Raises BackupRefused and its kin."""
    half = to.with_name(f"{to.name}.part")
    if to.exists():
        raise PlaceTaken(place=str(to))
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700, parents=True)
    try:
        made = replace(_fill(half, key, anchors, at, tell), keep_until=keep_until)
        write_part(half, manifests.MANIFEST, [made.written()], key)
        _sync(half)
        half.rename(to)
        _sync(to.parent)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    facts = {"backup": made.backup_id, "objects": made.objects, "missing": made.missing_objects}
    audit.record(Act.BACKED_UP, "backup", None, facts=facts)
    return made


def _fill(half: Path, key: BackupKey, anchors: Path, at: datetime, tell: Tell) -> Manifest:
    backup_id = secrets.token_hex(16)
    if has_anchors := anchors.is_dir():  # before the moment: they may not know more than it
        write_part(half, manifests.ANCHORS, packed(_lasting(anchors)), key, backup_id)
    with removal.forbidden(), _moment() as (cursor, snapshot):
        rows = _rows(cursor)
        migrations = tuple(name for (name,) in cursor.execute(MIGRATIONS).fetchall())
        named = cursor.execute(OBJECTS_OF_THE_MOMENT).fetchall()
        dumped = _counted(postgres_tools.dump(snapshot=snapshot), tell)
        write_part(half, manifests.DATABASE, dumped, key, backup_id)
        copied = _copy_objects(half, named, key, backup_id, tell)
        version = int(cursor.connection.info.server_version)
    return Manifest(
        backup_id=backup_id,
        made_at=at,
        server_version=version,
        migrations=migrations,
        rows=rows,
        objects=copied.objects,
        object_bytes=copied.bytes,
        missing_objects=copied.missing,
        has_anchors=has_anchors,
    )


@contextmanager
def _moment() -> Iterator[tuple[Any, str]]:
    """A transaction that sees one moment, and the name by which pg_dump sees the same."""
    with postgres_tools.connect() as own, own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = cursor.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield cursor, row[0]


def _rows(cursor: Any) -> dict[str, int]:
    """How many rows each table has: a restored database must have as many."""
    tables = [name for (name,) in cursor.execute(TABLES).fetchall()]
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        name: cursor.execute(count.format(sql.Identifier(name))).fetchone()[0] for name in tables
    }


def _copy_objects(
    half: Path, named: list[tuple[str, int]], key: BackupKey, backup_id: str, tell: Tell
) -> Copied:
    """Copy each object as it lies, sealed by its own key; list it with its fingerprint."""
    listed, size, missing = io.StringIO(), 0, 0
    store, into = places.place(), Folder(half / "store")
    for done, (name, plain_bytes) in enumerate(named, start=1):
        said, length = hashlib.sha256(), stream.sealed_size(plain_bytes)
        try:
            into.write(name, _hashed(store.read(name, 0, length), said))
        except Refused:
            missing += 1
            continue
        size += length
        listed.write(json.dumps([name, length, said.hexdigest()]) + "\n")
        tell("objects", done, len(named))
    write_part(half, manifests.OBJECTS, [listed.getvalue().encode()], key, backup_id)
    return Copied(len(named) - missing, size, missing)


def write_part(
    folder: Path, name: str, plain: Iterable[bytes], key: BackupKey, backup_id: str = ""
) -> None:
    """Seal a part into its file and bring it to disk."""
    with (folder / f"{name}.sealed").open("xb") as out:
        for piece in parts.sealed(plain, key=key, about=f"{backup_id}|{name}"):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _lasting(anchors: Path) -> dict[str, Path]:
    """Anchors and their public key; the heads of seconds ago are replaced while we read."""
    kept = (file for file in sorted(anchors.iterdir()) if file.suffix in {".jsonl", ".pem"})
    return {f"anchors/{file.name}": file for file in kept}


def packed(folders: dict[str, Path]) -> Iterator[bytes]:
    """Small folders and files as a tar archive; each under a name of its own."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, path in folders.items():
            archive.add(path, arcname=name)
    yield out.getvalue()


def _hashed(pieces: Iterable[bytes], said: Any) -> Iterator[bytes]:
    for piece in pieces:
        said.update(piece)
        yield piece


def _counted(pieces: Iterable[bytes], tell: Tell) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        tell("database", size, 0)
        yield piece


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
