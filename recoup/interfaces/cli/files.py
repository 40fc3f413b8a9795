"""`recoup files`: hash every file anew, tidy the store, say where and how it is kept.

`verify` ends with 0 when every file is what it was and 1 when one is not.
"""

import argparse
import sys

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.filestore import queries, scanning, upkeep
from recoup.interfaces.cli.progress import Progress

WRONG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Three things to do with the store."""
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("verify", help=_("open and hash every file anew"))
    what.add_parser("tidy", help=_("remove what killed writers and erased files left"))
    what.add_parser("show", help=_("where the files lie, how many there are, who scans them"))


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    if arguments.what == "verify":
        return _verify()
    if arguments.what == "tidy":
        gone = upkeep.tidy(at=timezone.now())
        print(_("%(count)s objects that nobody needs were removed.") % {"count": gone})
        return 0
    return _show()


def _verify() -> int:
    progress = Progress(sys.stderr)
    with progress.step(_("Files")):
        found = upkeep.verify(lambda done, of: progress.part(done, of, ""))
    print(
        _("%(count)s files with %(size)s bytes hashed anew.")
        % {"count": f"{found.contents:,}", "size": f"{found.bytes:,}"}
    )
    for fault in found.faults:
        print(f"  ✗ {fault.content_id} {fault.sha256} ({fault.why})")
    return WRONG if found.faults else 0


def _show() -> int:
    kept = queries.totals()
    print(settings.FILES_URL or settings.MEDIA_ROOT / "store")
    print(
        _("%(count)s contents, %(size)s bytes, %(unscanned)s of them not scanned.")
        % {
            "count": f"{kept.contents:,}",
            "size": f"{kept.bytes:,}",
            "unscanned": f"{kept.not_scanned:,}",
        }
    )
    scanner = scanning.scanner()
    if scanner.is_none:
        print(_("Files are not scanned for harmful content (RECOUP_SCANNER=none)."))
    else:
        print(_("Scanner: %(version)s") % {"version": scanner.version()})
    return 0
