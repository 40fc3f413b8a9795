"""`recoup inspect`: one case as it stood on any day, in one file; and whether a copy is genuine."""

import argparse
import getpass
import json
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.audit import queries as record
from recoup.interfaces.cli.terms import CannotRun
from recoup.interfaces.inspection.package import Maker, faults, manifest_sha256, package
from recoup.modules.inspection import services

WRONG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """`case NUMBER --as-of DATE`, or `check FILE`."""
    what = parser.add_subparsers(dest="what", required=True)
    making = what.add_parser("case", help=_("write the case's file"))
    making.add_argument("number", help=_("contract number"))
    making.add_argument(
        "--as-of", required=True, type=date.fromisoformat, help=_("the day, YYYY-MM-DD")
    )
    making.add_argument("--lender", default="", metavar="NAME", help=_("whose, if several have it"))
    making.add_argument("--to", type=Path, default=Path(), help=_("folder, here unless told"))
    checking = what.add_parser("check", help=_("compare a file with its manifest and the record"))
    checking.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    """Do it; 1 when a checked file is not what was handed out."""
    return _check(arguments.file) if arguments.what == "check" else _make(arguments)


def end_of_day(day: date) -> datetime:
    """The moment before which something must have been known to count for the day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _make(arguments: argparse.Namespace) -> int:
    at, state = timezone.now(), record.state()
    contract_id = services.contract_numbered(arguments.number, lender=arguments.lender)
    case = services.inspect(
        contract_id=contract_id,
        as_of=arguments.as_of,
        known_by=end_of_day(arguments.as_of),
        today=timezone.localdate(at),
    )
    maker = Maker(getpass.getuser(), "", at, state.events, state.anchors, state.anchored_at)
    made = package(case, maker)
    services.hand_out(case=case, manifest_sha256=made.manifest_sha256)
    file = arguments.to / made.name
    file.write_bytes(made.content)
    file.chmod(0o600)
    print(_("Written: %(file)s") % {"file": file})
    return 0


def _check(file: Path) -> int:
    try:
        content = file.read_bytes()
        wrong, fingerprint = faults(content), manifest_sha256(content)
    except (OSError, zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise CannotRun(_("%(file)s is not such a file.") % {"file": file}) from error
    for name in wrong:
        print(_("✗ %(name)s is not as the manifest says.") % {"name": name})
    known = [e for e in record.events(act="EXPORTED", limit=100_000)
             if e.facts.get("manifest_sha256") == fingerprint]  # fmt: skip
    if not known:
        print(_("✗ No file with this manifest was handed out, says the record."))
    for event in known:
        print(
            _("Handed out at %(at)s by %(who)s: event %(number)s of chain %(chain)s.")
            % {
                "at": f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
                "who": event.who,
                "number": event.number,
                "chain": event.chain,
            }
        )
    return WRONG if wrong or not known else 0
