"""`recoup staff`: people and roles from the machine itself, and letting somebody back in."""

import argparse
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.foundation import audit
from recoup.foundation.audit import Act
from recoup.foundation.sign_in import enrolment, resets, services
from recoup.interfaces.cli import staff_roles
from recoup.interfaces.cli.terms import CannotRun


def configure(parser: argparse.ArgumentParser) -> None:
    """One act each, for one person."""
    acts = parser.add_subparsers(dest="act", required=True)
    _act(acts, "enrol", _("print the code with which somebody sets up their first second factor"))
    _act(acts, "reset-factor", _("forget a lost second factor, and print the code for another"))
    _act(acts, "new-password", _("print a new first password for who forgot theirs"))
    _act(acts, "end-sessions", _("end all sessions of somebody at once"))
    _act(acts, "unpause", _("let a name that is paused try again"))
    link = _act(acts, "link", _("let an account of the company's sign-in open as this person"))
    link.add_argument("--subject", required=True, help=_("the provider's `sub` of that account"))
    staff_roles.configure(acts)


def _act(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: str
) -> argparse.ArgumentParser:
    parser = acts.add_parser(name, help=does)
    parser.add_argument("username", metavar="NAME")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Do it and put it on record."""
    if arguments.act in staff_roles.ACTS:
        staff_roles.ACTS[arguments.act](arguments)
        return 0
    user_id = _user_id(arguments.username)
    print(ACTS[arguments.act](user_id, arguments))
    return 0


def _user_id(username: str) -> int:
    people = get_user_model()._default_manager
    found = people.filter(username=username).values_list("id", flat=True).first()
    if found is None:
        raise CannotRun(_("There is nobody of this name: %(name)s") % {"name": username})
    return int(found)


def _enrol(user_id: int, arguments: argparse.Namespace) -> str:
    made = enrolment.issue_code(user_id=user_id, actor_id=None, at=timezone.now())
    return _told(made)


def _reset_factor(user_id: int, arguments: argparse.Namespace) -> str:
    made = enrolment.reset_factors(user_id=user_id, actor_id=None, at=timezone.now())
    return _told(made)


def _told(made: enrolment.CodeMade) -> str:
    said = _(
        "Opens once, until %(until)s. They type it under Sign-in and security."
        " Hand it over apart from the password."
    )
    until = timezone.localtime(made.expires_at).strftime("%Y-%m-%d %H:%M")
    return f"{made.text}\n{said % {'until': until}}"


def _new_password(user_id: int, arguments: argparse.Namespace) -> str:
    password = enrolment.give_password(user_id=user_id, actor_id=None)
    said = _("Their sessions have ended; at the next sign-in they choose their own.")
    return f"{password}\n{said}"


def _end_sessions(user_id: int, arguments: argparse.Namespace) -> str:
    ended = services.end_sessions(user_id=user_id)
    audit.record(Act.SESSION_ENDED, "user", user_id, facts={"sessions": ended})
    return _("Sessions ended: %(sessions)d.") % {"sessions": ended}


def _unpause(user_id: int, arguments: argparse.Namespace) -> str:
    resets.unpause(username=arguments.username)
    audit.record(Act.LOCKED_OUT, "user", user_id, facts={"lifted": True})
    return _("The name may try again.")


def _link(user_id: int, arguments: argparse.Namespace) -> str:
    resets.link(user_id=user_id, subject=arguments.subject)
    audit.record(Act.FACTOR_ADDED, "user", user_id, facts={"what": "sso"})
    return _("Linked.")


ACTS: dict[str, Callable[[int, argparse.Namespace], str]] = {
    "enrol": _enrol,
    "reset-factor": _reset_factor,
    "new-password": _new_password,
    "end-sessions": _end_sessions,
    "unpause": _unpause,
    "link": _link,
}
