"""The benchmark's own PostgreSQL: the product's embedded server with production settings.

Every measurement works in a database of its own on this one server, so that figures that are
compared with one another come from the same server in the same run.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench import people
from recoup.foundation import embedded_postgres

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("RECOUP_BENCH_VAR", ROOT / "var" / "bench"))


@contextmanager
def running() -> Iterator[None]:
    """The benchmark's server for the length of a `with`."""
    with embedded_postgres.running(VAR):
        yield


def dsn(database: str) -> str:
    """How to reach a database of the benchmark's server."""
    sockets = embedded_postgres.socket_dir(VAR)
    return make_conninfo(host=str(sockets), user=embedded_postgres.USER, dbname=database)


def connect(database: str) -> psycopg.Connection:
    """A connection that commits each statement."""
    return psycopg.connect(dsn(database), autocommit=True)


def exists(database: str) -> bool:
    """Whether the server has this database."""
    with connect("postgres") as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database])
        return found.fetchone() is not None


def drop(database: str) -> None:
    """Remove a database, whoever is connected to it."""
    with connect("postgres") as connection:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def drop_like(pattern: str) -> None:
    """Remove every database whose name is like this."""
    with connect("postgres") as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]
        )
        for (name,) in found.fetchall():
            drop(name)


def require_room(needed_bytes: int) -> None:
    """End with a clear word where the disk has not this much left."""
    free = shutil.disk_usage(VAR).free
    if free < needed_bytes:
        raise SystemExit(
            f"This needs {needed_bytes / 2**30:.0f} GB in {VAR}; {free / 2**30:.0f} GB are free."
        )


def create(database: str, template: str = "template0") -> None:
    """A fresh database; from a template it is an exact copy, file by file."""
    drop(database)
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with connect("postgres") as connection:
        connection.execute(make.format(sql.Identifier(database), sql.Identifier(template)))
        connection.execute("CHECKPOINT")


def environment(database: str) -> dict[str, str]:
    """The product's environment for a process that works on `database`."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "recoup.config.settings",
        "RECOUP_VAR": str(VAR),
        "RECOUP_DATABASE_URL": dsn(database),
        "RECOUP_KEK": people.KEK,
        "PYTHONPATH": str(ROOT),
    }


def run_python(database: str, *arguments: str, role: str = "") -> str:
    """Run Python as the product on `database` in a process of its own; return what it printed.

    `role` is the product's database role (web, worker, owner) where it is not the usual one.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment(database) | ({"RECOUP_DATABASE_ROLE": role} if role else {}),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def migrate(database: str) -> None:
    """An empty product database."""
    create(database)
    run_python(database, "-m", "recoup", "manage", "migrate", "--verbosity", "0")


def size_bytes(database: str) -> int:
    """How large a database is on disk."""
    with connect(database) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return int(row[0])
