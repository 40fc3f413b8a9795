"""`recoup restore FOLDER`: bring a backup into an empty installation, and look at all of it."""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.access.context import as_system
from recoup.foundation.audit import anchoring, verifying
from recoup.foundation.backup import restoring
from recoup.foundation.backup.restoring import Backup
from recoup.interfaces.cli.backup import add_key, key_of, show
from recoup.interfaces.cli.progress import Progress
from recoup.modules.privacy import erased
from recoup.modules.privacy.erased import Erased

WRONG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """What to restore, and the keys that open it."""
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help=_("the saved keys, unless they are in place")
    )
    parser.add_argument(
        "--erased", type=Path, metavar="FOLDER",
        help=_("the lists of what was forgotten since, unless they lie with the anchors"),
    )  # fmt: skip
    parser.add_argument(
        "--past-its-term",
        action="store_true",
        help=_("although the backup should have gone by now"),
    )
    add_key(parser)


def run(arguments: argparse.Namespace) -> int:
    """Restore, forget again, hash every file anew, verify the record; 0 when all is as it was."""
    progress = Progress(sys.stderr)
    backup = restoring.opened(arguments.folder, key_of(arguments))
    if not arguments.past_its_term:
        restoring.refuse_past(backup.manifest, timezone.localdate())
    items: list[Erased] = []
    with progress.step(_("Restoring")):
        restoring.restore(
            backup=backup,
            keys=arguments.keys,
            var=settings.VAR,
            ready=lambda: items.extend(_erased_since(arguments.erased, backup)),
            tell=lambda what, done, of: progress.part(done, of, what),
        )
    with progress.step(_("Forgetting again")), as_system("restore"):
        again = erased.forget_again(items)
    with progress.step(_("Files")):
        files = restoring.check_files(lambda what, done, of: progress.part(done, of, what))
    with progress.step(_("Verifying the record")):
        verdict = verifying.verify()
    show(backup.manifest)
    print(
        _("Restored. %(files)s files hashed anew, %(events)s events of the record verified.")
        % {"files": f"{files:,}", "events": f"{verdict.events:,}"}
    )
    print(_("%(count)s items that were forgotten since are forgotten again.") % {"count": again})
    for finding in verdict.faults:
        print(f"  ✗ {finding.words} ({finding.code})")
    restoring.note(backup.manifest, timezone.now())
    return WRONG if verdict.faults else 0


def _erased_since(folder: Path | None, backup: Backup) -> list[Erased]:
    """What was forgotten since, by the lists that lie outside the backup. Raises ListUnproved."""
    return erased.since(backup.manifest.made_at, folder or anchoring.folder())
