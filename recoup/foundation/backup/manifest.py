"""What a backup says of itself: when, by which version, how much of what."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from recoup.foundation.backup.refusals import BackupUnreadable, MadeByNewer

FORMAT = 1
MANIFEST, DATABASE, OBJECTS, ANCHORS, KEYS = (
    "manifest", "database", "objects", "anchors", "keys",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first part to be read and the last to be written; `rows` counts each table's rows."""

    backup_id: str
    made_at: datetime
    server_version: int
    migrations: tuple[str, ...]
    rows: dict[str, int]
    objects: int
    object_bytes: int
    missing_objects: int
    has_anchors: bool
    keep_until: date | None = None  # those made before there was a term say nothing

    def is_past(self, day: date) -> bool:
        """Whether it should have gone by now."""
        return self.keep_until is not None and day > self.keep_until

    def written(self) -> bytes:
        """As it stands in its part."""
        said = asdict(self) | {"made_at": self.made_at.isoformat(), "format": FORMAT}
        said["keep_until"] = self.keep_until.isoformat() if self.keep_until else None
        return json.dumps(said, sort_keys=True).encode()


def read(pieces: Iterable[bytes]) -> Manifest:
    """What `written` wrote. Raises BackupUnreadable for another format."""
    said = json.loads(b"".join(pieces))
    if said.pop("format", None) != FORMAT:
        raise BackupUnreadable(part=MANIFEST)
    said["made_at"] = datetime.fromisoformat(said["made_at"])
    said["migrations"] = tuple(said["migrations"])
    if said.get("keep_until"):
        said["keep_until"] = date.fromisoformat(said["keep_until"])
    return Manifest(**said)


def refuse_newer(manifest: Manifest) -> None:
    """Raise MadeByNewer unless this version knows every migration of the backup."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise MadeByNewer(migration=unknown[0])
