"""`recoup staff list`, `add` and `give`: who works here, and a new installation's first operator.

What the staff page does for an operator, the command line does for whoever runs the machine.
"""

import argparse
import getpass
import sys
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation.access.rights import NEED_SECOND_FACTOR
from recoup.interfaces.cli.terms import CannotRun
from recoup.modules.workforce import queries, services
from recoup.modules.workforce.rules import StaffRole

# Those of lenders and agencies say for whom, on the staff page.
OUTSIDE = {StaffRole.AGENCY, StaffRole.LENDER, StaffRole.BORROWER, StaffRole.SERVICE}
IN_HOUSE = [role.value for role in StaffRole if role not in OUTSIDE]


def configure(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Three acts beside those of `recoup staff`."""
    acts.add_parser("list", help=_("everybody who signs in, with their roles"))
    add = acts.add_parser("add", help=_("let somebody sign in, in one role"))
    add.add_argument("--name", default="", help=_("how they are called on screen"))
    give = acts.add_parser("give", help=_("give a role to somebody who signs in already"))
    give.add_argument("--reason", required=True, help=_("why; it is kept"))
    for act in (add, give):
        act.add_argument("username", metavar="NAME")
        act.add_argument("--role", required=True, choices=IN_HOUSE)
        act.add_argument("--until", type=date.fromisoformat, help=_("last day, YYYY-MM-DD"))


def _list(arguments: argparse.Namespace) -> None:
    for person in queries.people():
        roles = " ".join(person.roles) if person.is_active else _("has left")
        print(f"{person.username:<20} {person.name:<24} {roles}")


def _add(arguments: argparse.Namespace) -> None:
    if _id_of(arguments.username) is not None:
        raise CannotRun(_("Somebody signs in by this name already."))
    services.add_user(
        username=arguments.username,
        password=_password(),
        display_name=arguments.name or arguments.username,
        role=StaffRole(arguments.role),
        team_id=None,
        expires_on=arguments.until,
        at=timezone.now(),
    )
    print(_("They choose a password of their own when they sign in."))
    if queries.role_offered(StaffRole(arguments.role)).rights & NEED_SECOND_FACTOR:
        said = _("The role needs a second factor: `recoup staff enrol %(name)s` prints its code.")
        print(said % {"name": arguments.username})


def _give(arguments: argparse.Namespace) -> None:
    user_id = _id_of(arguments.username)
    if user_id is None:
        raise CannotRun(_("Nobody signs in by this name."))
    _grant(user_id, arguments, arguments.reason)


def _grant(user_id: int, arguments: argparse.Namespace, reason: str) -> None:
    services.grant(
        user_id=user_id,
        role=StaffRole(arguments.role),
        expires_on=arguments.until,
        reason=reason,
        actor_id=None,
        at=timezone.now(),
        today=timezone.localdate(),
    )


def _id_of(username: str) -> int | None:
    return next((p.id for p in queries.people() if p.username == username), None)


def _password() -> str:
    """Asked twice at a terminal, or one line from a pipe; held against the password rules."""
    if sys.stdin.isatty():
        given = getpass.getpass(_("Password: "))
        if getpass.getpass(_("Once more: ")) != given:
            raise CannotRun(_("The two differ; nothing was entered."))
    else:
        given = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(given)
    except ValidationError as no:
        raise CannotRun(" ".join(no.messages)) from no
    return given


ACTS = {"list": _list, "add": _add, "give": _give}
