"""Backups go when their term is over: they hold what was forgotten since."""

import secrets
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.audit import Act
from recoup.foundation.backup import manifest as manifests
from recoup.foundation.backup import restoring
from recoup.foundation.backup.manifest import Manifest
from recoup.foundation.backup.parts import BackupKey


@dataclass
class Pruned:
    """What became of the backups of a folder; those that another key opens are left, and named."""

    removed: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    unopened: list[Path] = field(default_factory=list)


def prune(*, folder: Path, key: BackupKey, today: date) -> Pruned:
    """Remove the backups in a folder whose term is over.

    What is no backup is not touched; one that was half removed when the power went is removed
    whole the next time.
    """
    done = Pruned()
    for half in folder.glob("*.gone-*"):
        shutil.rmtree(half, ignore_errors=True)
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        if not (place / f"{manifests.MANIFEST}.sealed").is_file():
            continue
        try:
            read = restoring.opened(place, key).manifest
        except Refused:
            done.unopened.append(place)
            continue
        if read.is_past(today):
            _remove(place, read)
            done.removed.append(place)
        else:
            done.kept.append(place)
    return done


def _remove(place: Path, read: Manifest) -> None:
    """Under another name first, so that half a backup never looks like a whole one."""
    audit.record(Act.BACKUP_REMOVED, "backup", None, facts={"backup": read.backup_id})
    gone = place.rename(place.with_name(f"{place.name}.gone-{secrets.token_hex(4)}"))
    shutil.rmtree(gone)
