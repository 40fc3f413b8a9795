"""`recoup backup`: make one, make its key, save the keys apart, prove one by restoring it.

`make` also removes those beside it whose term is over, as `prune` does. It ends with 3 when the
store had lost files before: the backup is written, and says which.
"""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.audit import anchoring
from recoup.foundation.backup import key_archive, parts, proving, restoring, rotation, writing
from recoup.foundation.backup.manifest import Manifest
from recoup.foundation.backup.parts import BackupKey
from recoup.foundation.backup.refusals import NoBackupThere, PlaceTaken
from recoup.interfaces.cli.progress import Progress
from recoup.modules.privacy import queries as privacy
from recoup.modules.privacy.rules import months_later

FILES_LOST, UNOPENED = 3, 4


def configure(parser: argparse.ArgumentParser) -> None:
    """What there is to do with backups."""
    what = parser.add_subparsers(dest="what", required=True)
    making = what.add_parser("make", help=_("write a backup into a new folder"))
    making.add_argument("to", type=Path, metavar="FOLDER")
    add_key(making)
    making.add_argument(
        "--keys-to", type=Path, metavar="FILE", help=_("also save the keys, to a place apart")
    )
    making_key = what.add_parser("key", help=_("make a backup key, into a new file"))
    making_key.add_argument("to", type=Path, metavar="FILE")
    showing = what.add_parser("show", help=_("say what a backup holds"))
    showing.add_argument("folder", type=Path, metavar="FOLDER")
    add_key(showing)
    proving_ = what.add_parser("verify", help=_("restore it in a folder of its own and look at it"))
    proving_.add_argument("folder", type=Path, metavar="FOLDER")
    proving_.add_argument("--keys", type=Path, metavar="FILE", help=_("the saved keys"))
    add_key(proving_)
    pruning = what.add_parser("prune", help=_("remove the backups of a folder whose term is over"))
    pruning.add_argument("folder", type=Path, metavar="FOLDER")
    add_key(pruning)


def add_key(parser: argparse.ArgumentParser) -> None:
    """How a backup is opened: by a key file or by a passphrase in a file."""
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument("--key-file", type=Path, metavar="FILE", help=_("a key made by backup key"))
    said.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help=_("a file with a passphrase")
    )


def key_of(arguments: argparse.Namespace) -> BackupKey:
    """The key or passphrase that was named. Raises KeyUnusable."""
    if arguments.key_file is not None:
        return parts.read_key(arguments.key_file)
    return parts.read_key(arguments.passphrase_file, is_passphrase=True)


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    progress = Progress(sys.stderr)
    if arguments.what == "key":
        return _make_key(arguments.to)
    key = key_of(arguments)
    if arguments.what == "make":
        return _make(arguments, key, progress)
    if arguments.what == "prune":
        return _prune(arguments.folder, key)
    if arguments.what == "show":
        show(restoring.opened(arguments.folder, key).manifest)
        return 0
    with progress.step(_("Restoring it in a folder of its own")):
        proven = proving.prove(folder=arguments.folder, arguments=_passed_on(arguments))
    print(proven, end="")
    return 0


def _passed_on(arguments: argparse.Namespace) -> list[str]:
    """What the restoring process is told: absolute paths of key and keys."""
    if arguments.key_file is not None:
        said = ["--key-file", str(arguments.key_file.resolve())]
    else:
        said = ["--passphrase-file", str(arguments.passphrase_file.resolve())]
    return [*said, "--keys", str(arguments.keys.resolve())] if arguments.keys else said


def _make_key(to: Path) -> int:
    if to.exists():
        raise PlaceTaken(place=str(to))
    to.touch(0o600)
    to.write_text(parts.new_key() + "\n")
    print(_("Keep %(file)s apart from the backups: without it none of them opens.") % {"file": to})
    return 0


def _make(arguments: argparse.Namespace, key: BackupKey, progress: Progress) -> int:
    at = timezone.now()
    with progress.step(_("Backup")):
        made = writing.make(
            to=arguments.to,
            key=key,
            anchors=anchoring.folder(),
            at=at,
            keep_until=months_later(timezone.localdate(at), privacy.backup_months()),
            tell=lambda what, done, of: progress.part(done, of or done, what),
        )
    if arguments.keys_to is not None:
        key_archive.save(to=arguments.keys_to, key=key, var=settings.VAR)
    show(made)
    _prune(arguments.to.resolve().parent, key)
    return FILES_LOST if made.missing_objects else 0


def _prune(folder: Path, key: BackupKey) -> int:
    """Remove what is past its term; 4 if there are backups that another key opens."""
    if not folder.is_dir():
        raise NoBackupThere(place=str(folder))
    done = rotation.prune(folder=folder, key=key, today=timezone.localdate())
    for place in done.removed:
        print(_("%(place)s: its term was over, it is removed.") % {"place": place})
    for place in done.unopened:
        print(_("%(place)s: this key does not open it, so it stays.") % {"place": place})
    return UNOPENED if done.unopened else 0


def show(made: Manifest) -> None:
    """What a backup holds, in words."""
    print(
        _("%(at)s: %(rows)s rows in %(tables)s tables, %(objects)s files with %(size)s bytes.")
        % {
            "at": made.made_at.isoformat(timespec="seconds"),
            "rows": f"{sum(made.rows.values()):,}",
            "tables": len(made.rows),
            "objects": f"{made.objects:,}",
            "size": f"{made.object_bytes:,}",
        }
    )
    if made.keep_until is not None:
        print(_("It is kept until %(day)s.") % {"day": made.keep_until.isoformat()})
    if made.missing_objects:
        print(_("%(count)s files were lost before: see recoup files verify.") % {
            "count": made.missing_objects
        })  # fmt: skip
