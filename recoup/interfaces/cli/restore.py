"""`recoup restore FOLDER`: bring a backup into an empty installation, and look at all of it."""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.audit import verifying
from recoup.foundation.backup import restoring
from recoup.interfaces.cli.backup import add_key, key_of, show
from recoup.interfaces.cli.progress import Progress

WRONG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """What to restore, and the keys that open it."""
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help=_("the saved keys, unless they are in place")
    )
    add_key(parser)


def run(arguments: argparse.Namespace) -> int:
    """Restore, hash every file anew, verify the record; 0 when all of it is as it was."""
    progress = Progress(sys.stderr)
    backup = restoring.opened(arguments.folder, key_of(arguments))
    with progress.step(_("Restoring")):
        restoring.restore(
            backup=backup,
            keys=arguments.keys,
            var=settings.VAR,
            tell=lambda what, done, of: progress.part(done, of, what),
        )
    with progress.step(_("Files")):
        files = restoring.check_files(lambda what, done, of: progress.part(done, of, what))
    with progress.step(_("Verifying the record")):
        verdict = verifying.verify()
    show(backup.manifest)
    print(
        _("Restored. %(files)s files hashed anew, %(events)s events of the record verified.")
        % {"files": f"{files:,}", "events": f"{verdict.events:,}"}
    )
    for finding in verdict.faults:
        print(f"  ✗ {finding.words} ({finding.code})")
    restoring.note(backup.manifest, timezone.now())
    return WRONG if verdict.faults else 0
