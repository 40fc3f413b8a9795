"""`recoup export trace FILE`: which export a leaked file comes from, and who took it.

Exit code 0 when a keyed mark names an export, 3 when there are hints only, 1 when nothing is found.
"""

import argparse
import sys
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.access.context import as_system
from recoup.interfaces.cli.terms import CannotRun
from recoup.modules.exports import tracing
from recoup.modules.exports.tracing import Trace

HINTS_ONLY, NOTHING_FOUND = 3, 1


def configure(parser: argparse.ArgumentParser) -> None:
    """What is done, and with which file."""
    parser.add_argument("act", choices=["trace"], help=_("what to do"))
    parser.add_argument("file", type=Path, help=_("a CSV, XLSX or text, whole or in part"))


def run(arguments: argparse.Namespace) -> int:
    """Name the exports that the file's marks speak for."""
    if not arguments.file.is_file():
        raise CannotRun(_("%(file)s is not a file.") % {"file": arguments.file})
    with as_system("export trace"):
        found = tracing.trace(arguments.file)
    for hit in found:
        _print(hit)
    if not found:
        print(_("No export of this installation is recognised in this file."), file=sys.stderr)
        return NOTHING_FOUND
    return 0 if found[0].is_proved else HINTS_ONLY


def _print(hit: Trace) -> None:
    export = hit.export
    asked_at = f"{timezone.localtime(export.asked_at):%Y-%m-%d %H:%M}"
    sure = _("proved") if hit.is_proved else _("a hint, no proof")
    print(f"{export.number}  {sure}")
    print(
        "  "
        + _("asked for by %(name)s (%(number)s, user %(id)s) at %(at)s: %(reason)s")
        % {
            "name": export.asked_name,
            "number": export.asked_number or "–",
            "id": export.asked_by,
            "at": asked_at,
            "reason": export.reason,
        }
    )
    for rows, words in (
        (hit.invisible, _("rows with the invisible mark")),
        (hit.row_checks, _("rows with their row check")),
        (hit.in_content, _("rows whose identifier was in the export")),
    ):
        if rows:
            print(f"  {rows:>8,}  {words}")
    if hit.line:
        print("  " + _("its number stands in the file"))
