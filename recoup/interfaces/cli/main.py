"""The command line: one table of commands, each a module with `configure` and `run`.

A command's module is imported only when it is asked for, after Django is set up.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from recoup.core.refusals import Refused
from recoup.foundation import embedded_postgres
from recoup.foundation.access.context import as_system
from recoup.foundation.access.roles import Role, hang_up
from recoup.interfaces.cli.language import speak
from recoup.interfaces.cli.terms import CannotRun

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command is written, what it does, and whether the database must run for it.

    `role` is the database role it works as: the owner's only where tables are made or changed.
    """

    module: str
    does: "StrPromise"
    database: bool = True
    role: Role = Role.WORKER


HERE = "recoup.interfaces.cli"
COMMANDS = {
    "run": Command(f"{HERE}.run", lazy("start everything on this machine"), False, Role.OWNER),
    "night": Command(f"{HERE}.night", lazy("run the night of a business day")),
    "sample": Command(f"{HERE}.sample", lazy("load the sample portfolio")),
    "replay": Command(f"{HERE}.replay", lazy("replay a tape and compare"), False, Role.OWNER),
    "intake": Command(f"{HERE}.intake", lazy("take in a lender's file")),
    "keys": Command(f"{HERE}.keys", lazy("make, show and change the keys of personal data")),
    "staff": Command(f"{HERE}.staff", lazy("people, their roles, and letting somebody back in")),
    "export": Command(f"{HERE}.export", lazy("whose export a leaked file comes from")),
    "files": Command(f"{HERE}.files", lazy("verify, tidy and show the file store")),
    "backup": Command(f"{HERE}.backup", lazy("make or prove a backup"), True, Role.OWNER),
    "restore": Command(f"{HERE}.restore", lazy("restore a backup here"), True, Role.OWNER),
    "audit": Command(
        f"{HERE}.audit", lazy("verify, anchor and show the audit record"), role=Role.OWNER
    ),
    "inspect": Command(f"{HERE}.inspect", lazy("a case as it stood on any day, in one file")),
    "manage": Command(f"{HERE}.manage", lazy("Django's own commands"), False, Role.OWNER),
}


def role_of(given: Sequence[str]) -> Role:
    """The database role for a command; the worker is a command of Django's."""
    command = COMMANDS.get(given[0]) if given else None
    if command is None or list(given[:2]) == ["manage", "procrastinate"]:
        return Role.WORKER
    return command.role


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 it failed, 2 refused or not understood, 130 interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recoup.config.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        django.setup()
        speak(os.environ)
        return _run(given)
    except Refused as no:
        print(_refusal(no), file=sys.stderr)
        return 2
    except CannotRun as no:
        print(f"recoup: {no}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(given: list[str]) -> int:
    name = given[0] if given else ""
    command = COMMANDS.get(name)
    if command is None:
        print(_usage(), file=sys.stdout if name in {"-h", "--help", "help"} else sys.stderr)
        return 0 if name in {"-h", "--help", "help"} else 2
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(prog=f"recoup {name}", description=str(command.does))
    module.configure(parser)
    read = parser.parse_args(given[1:])
    with as_system(name), _database(needed=command.database):
        return _code(module, read)


def _code(module: ModuleType, read: argparse.Namespace) -> int:
    try:
        return int(module.run(read) or 0)
    finally:
        hang_up()


def _database(*, needed: bool) -> AbstractContextManager[None]:
    """The embedded server for the length of the command, unless another PostgreSQL is named."""
    if not needed or os.environ.get("RECOUP_DATABASE_URL"):
        return nullcontext()
    return embedded_postgres.running(settings.VAR)


def _usage() -> str:
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {command.does}" for name, command in COMMANDS.items()]
    return "\n".join([_("usage: recoup COMMAND …"), "", *lines])


def _refusal(no: Refused) -> str:
    message = _(no.message)
    return f"recoup: {message % no.params if no.params else message} ({no.code})"
