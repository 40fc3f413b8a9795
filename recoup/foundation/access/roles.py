"""The application's database roles: which one a process works as, and how they are made.

The owner (whoever migrates) owns the tables. Web and API processes work as `recoup_web`, background
work and the command line as `recoup_worker`; neither owns anything nor passes by the policies.
"""

from enum import StrEnum
from typing import Any

from django.db import connection
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from recoup.core.refusals import Refused


class Role(StrEnum):
    """What RECOUP_DATABASE_ROLE may say."""

    OWNER = "owner"
    WEB = "web"
    WORKER = "worker"


NAMES = {Role.WEB: "recoup_web", Role.WORKER: "recoup_worker"}
VARIABLE = "RECOUP_DATABASE_ROLE"
TOO_STRONG = """
SELECT rolname FROM pg_roles
 WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls OR rolcreaterole)
"""


class RolesTooStrong(Refused):
    """A role of our name that would pass by every policy."""

    code = "database_roles_too_strong"
    message = "The database role %(role)s must be neither a superuser nor bypass row security."


class RolesMissing(Refused):
    """The owner may not make the roles, so whoever administers the server must."""

    code = "database_roles_missing"
    message = "The database user may not make its roles. Ask the administrator to run:\n%(sql)s"


def make_missing(cursor: Any) -> None:
    """Make both roles where they are missing and let the owner work as them.

    Raises RolesMissing with the statements that somebody with more rights has to run, and
    RolesTooStrong.
    """
    for name in NAMES.values():
        try:
            _make(cursor, name)
        except InsufficientPrivilege as error:
            raise RolesMissing(sql=_for_the_administrator(cursor)) from error
    too_strong = cursor.execute(TOO_STRONG, [list(NAMES.values())]).fetchone()
    if too_strong:
        raise RolesTooStrong(role=too_strong[0])


def _make(cursor: Any, name: str) -> None:
    role = sql.Identifier(name)
    cursor.execute(
        # Two installations of one server may come to it at the same time.
        sql.SQL(
            "DO $$ BEGIN"
            "  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) THEN"
            "    CREATE ROLE {role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;"
            "  END IF;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        ).format(name=sql.Literal(name), role=role)
    )
    cursor.execute(
        # PostgreSQL 16 lets the maker of a role grant it, but not work as it until granted.
        sql.SQL(
            "DO $$ BEGIN"
            "  SET LOCAL ROLE {role}; RESET ROLE;"
            " EXCEPTION WHEN insufficient_privilege THEN GRANT {role} TO CURRENT_USER; END $$"
        ).format(role=role)
    )


def _for_the_administrator(cursor: Any) -> str:
    owner = cursor.connection.info.user
    names = ", ".join(NAMES.values())
    made = "\n".join(f"CREATE ROLE {name};" for name in NAMES.values())
    return f"{made}\nGRANT {names} TO {owner};"


def work_as(settings: dict[str, Any]) -> None:
    """Work on with other settings of the database from here on: connections are opened anew."""
    hang_up()
    unsaid = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}
    connection.settings_dict |= unsaid | {k: v for k, v in settings.items() if k != "TEST"}


def hang_up() -> None:
    """Close every connection of this process, before its server ends or another role begins.

    Within a transaction it does nothing: whoever opened that (a test) is not done yet.
    """
    if connection.in_atomic_block:
        return
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool is not None:
        close_pool()
