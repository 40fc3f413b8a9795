"""Which PostgreSQL to use, the one at RECOUP_DATABASE_URL or the embedded one, and as which role.

Web and worker processes work as roles that own nothing. On the embedded server they sign in as
these; elsewhere by a URL of their own (RECOUP_WEB_DATABASE_URL, RECOUP_WORKER_DATABASE_URL), or the
owner's session begins in the role, so that RESET ROLE leads nowhere else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg import OperationalError, ProgrammingError, connect
from psycopg.conninfo import conninfo_to_dict

from recoup.foundation.access.pooling import forget
from recoup.foundation.access.roles import NAMES, VARIABLE, Role
from recoup.foundation.embedded_postgres import DATABASE, USER, socket_dir
from recoup.foundation.postgres_refusals import NotUnicode, PostgresTooOld, PostgresUnfit

OLDEST_VERSION = 150_000
POOL = {"min_size": 1, "max_size": 8, "timeout": 30, "reset": forget}
# A statement asked a few times keeps its plan on its connection (ADR 37).
KEPT_PLANS = {"server_side_binding": True, "prepare_threshold": 5}


def settings_of(environment: Mapping[str, str], var: Path) -> dict[str, Any]:
    """Django's database settings for this process; who says no role works in the background.

    Raises ValueError for a role that does not exist.
    """
    role = Role(environment.get(VARIABLE) or Role.WORKER)
    own = environment.get(f"RECOUP_{role.upper()}_DATABASE_URL", "")
    if own and role in NAMES:
        return database_settings(own, var)
    return database_settings(environment.get("RECOUP_DATABASE_URL", ""), var, role)


def database_settings(url: str, var: Path, role: Role = Role.OWNER) -> dict[str, Any]:
    """Django's database settings for a libpq URL or connection string; empty means embedded.

    Raises psycopg.ProgrammingError when the URL cannot be read.
    """
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": dict(POOL), **KEPT_PLANS},
        "TEST": {"TEMPLATE": "template0"},
    }
    if not url:
        user = NAMES.get(role, USER)
        return settings | {"NAME": DATABASE, "USER": user, "HOST": str(socket_dir(var))}
    known = conninfo_to_dict(url)
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    settings |= {names[key]: str(value) for key, value in known.items() if key in names}
    settings["OPTIONS"] |= {key: value for key, value in known.items() if key not in names}
    if role in NAMES:
        begins = f"-c role={NAMES[role]}"
        settings["OPTIONS"]["options"] = f"{known.get('options') or ''} {begins}".strip()
    return settings


def check_server(url: str) -> None:
    """Raise PostgresUnfit unless the server at `url` answers, is new enough and speaks UTF-8."""
    try:
        with connect(url, connect_timeout=10) as server:
            refuse_old(server.info.server_version)
            encoding = server.info.parameter_status("server_encoding")
    except (OperationalError, ProgrammingError) as error:
        raise PostgresUnfit(why=str(error).strip()) from error
    if encoding != "UTF8":
        raise NotUnicode(encoding=encoding)


def refuse_old(version: int) -> None:
    """Raise PostgresUnfit for a server older than the oldest we test (libpq's number, 150004)."""
    if version < OLDEST_VERSION:
        raise PostgresTooOld(found=version // 10_000, oldest=OLDEST_VERSION // 10_000)
