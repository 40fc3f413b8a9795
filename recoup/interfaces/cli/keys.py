"""`recoup keys`: the keys of personal data — made, shown, changed, while everybody works on."""

import argparse
import sys
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation import audit
from recoup.foundation.audit import Act
from recoup.foundation.vault import data_keys, keyring, rewrapping, rotation
from recoup.foundation.vault.rules import INSTALLATION, Purpose, RotationState
from recoup.interfaces.cli.progress import Progress
from recoup.modules.intake import queries as lenders

STOPPED = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """One act each."""
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("make", help=_("make the key file, if there is none"))
    acts.add_parser("status", help=_("which keys wrap what, and how far a rotation is"))
    rotate = acts.add_parser("rotate", help=_("new data keys; goes on with a rotation begun"))
    _for_whom(rotate)
    rotate.add_argument(
        "--indexes", action="store_true", help=_("the keys of the blind indexes instead")
    )
    rotate.add_argument("--portion", type=int, default=rotation.PORTION, metavar="ROWS")
    _for_whom(acts.add_parser("stop", help=_("let a running rotation end after its portion")))
    rewrap = acts.add_parser("rewrap", help=_("wrap the data keys by the present KEK"))
    rewrap.add_argument("--new", action="store_true", help=_("put a new key in the key file first"))
    rewrap.add_argument(
        "--forget-old", action="store_true", help=_("then take the old ones out of the file")
    )
    acts.add_parser("drop-unused", help=_("destroy data keys that seal nothing any more"))


def _for_whom(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lender", metavar="CODE", help=_("one lender; all if left out"))


def run(arguments: argparse.Namespace) -> int:
    """Do it. Refusals are told by the frame, with exit code 2."""
    return ACTS[arguments.act](arguments)


def _make(arguments: argparse.Namespace) -> int:
    present = data_keys.ring().present
    print(_("Present key: %(name)s") % {"name": present.name})
    print(_("Key file: %(file)s. Keep a copy of it apart from the database's backups.")
          % {"file": keyring.key_file()})  # fmt: skip
    audit.record(Act.KEYS_MADE, "key", None, facts={"keeper": present.name})
    return 0


def _status(arguments: argparse.Namespace) -> int:
    print(_("Present key: %(name)s") % {"name": data_keys.ring().present.name})
    for one in rewrapping.keys_by_keeper():
        state = _("active") if one.is_active else _("old")
        print(f"  {one.keys:>6,}  {one.keeper}  {one.purpose}  {state}")
    for moving in rotation.progress():
        print(
            _(
                "Lender %(lender)s, %(purpose)s: %(state)s at %(column)s, %(rows)s done,"
                " %(left)s left"
            )
            % {
                "lender": moving.lender_id,
                "purpose": moving.purpose,
                "state": moving.state,
                "column": moving.column,
                "rows": f"{moving.rows:,}",
                "left": f"{moving.left_over:,}",
            }
        )
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    shown = Progress(sys.stderr)
    purpose = Purpose.INDEX if arguments.indexes else Purpose.SEAL
    for number, name in _lenders(arguments.lender):
        with shown.step(_("New key for %(lender)s") % {"lender": name}):
            state = rotation.rotate(
                number,
                purpose,
                most=arguments.portion,
                tell=lambda column, rows: shown.part(0, 0, f"{column}  {rows:,}"),
            )
        audit.record(Act.KEYS_ROTATED, "lender", number, lender_id=number or None,
                     facts={"purpose": purpose.value, "state": state.value})  # fmt: skip
        if state is RotationState.STOPPED:
            print(_("Stopped; `recoup keys rotate` goes on with it."), file=sys.stderr)
            return STOPPED
    return 0


def _stop(arguments: argparse.Namespace) -> int:
    stopped = [name for number, name in _lenders(arguments.lender) if rotation.stop(number)]
    print(_("Stopping: %(lenders)s") % {"lenders": ", ".join(stopped) or "–"})
    return 0


def _rewrap(arguments: argparse.Namespace) -> int:
    if arguments.new:
        print(_("Present key: %(name)s") % {"name": rewrapping.add_to_file()})
    done = rewrapping.rewrap()
    print(_("%(count)s data keys wrapped anew.") % {"count": done})
    audit.record(Act.KEYS_ROTATED, "key", None, facts={"rewrapped": done})
    if arguments.forget_old:
        print(_("%(count)s old keys forgotten.") % {"count": rewrapping.forget_old()})
    return 0


def _drop_unused(arguments: argparse.Namespace) -> int:
    dropped = rotation.drop_unused(at=timezone.now())
    print(_("%(count)s data keys destroyed.") % {"count": dropped})
    return 0


def _lenders(code: str | None) -> list[tuple[int, str]]:
    """One lender, or all and the installation itself."""
    if code:
        return [(lenders.lender(code).id, code)]
    known = [(lender.id, lender.code) for lender in lenders.lenders()]
    return [*known, (INSTALLATION, _("the installation"))]


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "make": _make,
    "status": _status,
    "rotate": _rotate,
    "stop": _stop,
    "rewrap": _rewrap,
    "drop-unused": _drop_unused,
}
