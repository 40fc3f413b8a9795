"""Which PostgreSQL to use: the one at RECOUP_DATABASE_URL, else the embedded one."""

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from recoup.foundation.embedded_postgres import DATABASE, USER, socket_dir

POOL = {"min_size": 1, "max_size": 8, "timeout": 30}


def database_settings(url: str, var: Path) -> dict[str, Any]:
    """Django's database settings for a libpq URL or connection string; empty means embedded.

    Raises psycopg.ProgrammingError when the URL cannot be read.
    """
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": dict(POOL)},
        "TEST": {"TEMPLATE": "template0"},
    }
    if not url:
        return settings | {"NAME": DATABASE, "USER": USER, "HOST": str(socket_dir(var))}
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
    return settings
