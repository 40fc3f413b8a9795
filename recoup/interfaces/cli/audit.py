"""`recoup audit`: verify the record of who saw and changed what, sign its heads, show its events.

`verify` ends with 0 when the record stands and 1 when anything in it is wrong.
"""

import argparse
import json
import sys
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.audit import anchoring, queries
from recoup.foundation.audit.verifying import Verdict, verify
from recoup.interfaces.cli.progress import Progress
from recoup.modules.inspection.services import contract_numbered

WRONG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Three things to do with the record."""
    what = parser.add_subparsers(dest="what", required=True)
    verifying = what.add_parser("verify", help=_("compute everything again and compare"))
    verifying.add_argument(
        "--key", type=Path, help=_("the key that signed the anchors, if it lies elsewhere")
    )
    what.add_parser("anchor", help=_("sign the heads of all chains, in the table and outside"))
    showing = what.add_parser("show", help=_("show events, newest first"))
    showing.add_argument("--contract", metavar="NUMBER", help=_("only of this contract"))
    showing.add_argument("--actor", metavar="NAME", help=_("only of this person"))
    showing.add_argument("--act", help=_("only of this kind, e.g. REVEALED"))
    showing.add_argument("--limit", type=int, default=50, help=_("how many, 50 unless told"))


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    if arguments.what == "verify":
        return _verify(arguments.key)
    if arguments.what == "anchor":
        return _anchor()
    return _show(arguments)


def _verify(key: Path | None) -> int:
    progress = Progress(sys.stderr)
    with progress.step(_("Verifying the record")):
        verdict = verify(tell=lambda what, done, of: progress.part(done, of, what), key_file=key)
    _print(verdict)
    return WRONG if verdict.faults else 0


def _print(verdict: Verdict) -> None:
    print(
        _("%(events)s events, %(anchors)s anchors, %(tables)s tables with %(rows)s rows.")
        % {
            "events": f"{verdict.events:,}",
            "anchors": f"{verdict.anchors:,}",
            "tables": verdict.tables,
            "rows": f"{verdict.rows:,}",
        }
    )
    for finding in verdict.notes:
        print(f"  · {finding.words}")
    for finding in verdict.faults:
        print(f"  ✗ {finding.words} ({finding.code})")
    if not verdict.faults:
        print(_("Nothing was changed, and nothing is missing."))


def _anchor() -> int:
    made = anchoring.anchor(at=timezone.now(), send=anchoring.sender())
    if made is None:
        print(_("Nothing has happened since the last anchor."))
        return 0
    print(
        _("Anchor %(number)s: %(fingerprint)s, in %(folder)s")
        % {
            "number": made.number,
            "fingerprint": made.fingerprint,
            "folder": anchoring.folder(),
        }
    )
    return 0


def _show(arguments: argparse.Namespace) -> int:
    contract_id = contract_numbered(arguments.contract) if arguments.contract else None
    for row in queries.events(
        contract_id=contract_id,
        actor=arguments.actor or "",
        act=arguments.act or "",
        limit=arguments.limit,
    ):
        what = f"{row.subject} {row.subject_id}" if row.subject_id is not None else row.subject
        facts = json.dumps(row.facts, ensure_ascii=False)[:200]
        print(f"{row.at:%Y-%m-%d %H:%M:%S}  {row.who:<16} {row.act:<16} {what:<28} {facts}")
    return 0
