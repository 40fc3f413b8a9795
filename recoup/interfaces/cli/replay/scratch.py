"""A database of its own for a replay: made, used and dropped; the user's is not touched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, connections


@contextmanager
def scratch_database() -> Iterator[None]:
    """Django works on an empty, migrated database while this lasts."""
    name = f"recoup_replay_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    known = connections.settings["default"]
    usual = known["NAME"]
    _point_at(name)
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        _point_at(usual)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _point_at(name: str) -> None:
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool is not None:
        close_pool()
    connections.settings["default"]["NAME"] = name
