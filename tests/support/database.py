"""A database for each test process, copied from one that was migrated once.

The template is named after what the migrations say, so an old one is never used by mistake. The
server is the tests' own (see `server`), or the one at RECOUP_TEST_DATABASE_URL, whose user must be
allowed to create databases.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

from recoup.foundation import embedded_postgres
from recoup.foundation.database_url import database_settings
from tests.support import server

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("RECOUP_TEST_VAR", ROOT / "var" / "test"))
URL = os.environ.get("RECOUP_TEST_DATABASE_URL", "")
WATCHING = ("watched.py", "watching.py", "digests.py", "sql/watch.sql")
MIGRATING = 0x5EC0  # the advisory lock under which one process migrates and the others wait


def server_url() -> str:
    """The address of the server, which runs until this process ends."""
    if URL:
        return make_conninfo(URL, connect_timeout=10)
    server.use(VAR)
    sockets = embedded_postgres.socket_dir(VAR)
    return make_conninfo(host=str(sockets), user=embedded_postgres.USER, dbname="postgres")


def template(url: str) -> str:
    """The migrated database of today's migrations, made by whoever comes first."""
    name = f"recoup_template_{_fingerprint()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        _forget_the_dead(admin)
        if not _exists(admin, name):
            half = f"{name}_new"
            admin.execute(f"DROP DATABASE IF EXISTS {half} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {half} TEMPLATE template0 ENCODING 'UTF8'")
            _migrate(make_conninfo(url, dbname=half))
            admin.execute(f"ALTER DATABASE {half} RENAME TO {name}")
    return name


def _fingerprint() -> str:
    """Everything a migration may run: the migrations, their SQL, the policies, the packages."""
    files = [
        *sorted(ROOT.glob("recoup/**/migrations/*.py")),
        *sorted(ROOT.glob("recoup/**/migrations/**/*.sql")),
        *sorted(ROOT.glob("recoup/foundation/access/**/*.py")),
        *sorted(ROOT.glob("recoup/foundation/access/sql/*.sql")),
        *sorted(ROOT.glob("recoup/modules/*/sql/functions/*.sql")),
        *(ROOT / "recoup" / "foundation" / "audit" / name for name in WATCHING),
        ROOT / "requirements" / "base.lock.txt",
    ]
    said = hashlib.sha256()
    for file in files:
        said.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return said.hexdigest()[:16]


def _exists(admin: psycopg.Connection, name: str) -> bool:
    found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _migrate(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recoup", "manage", "migrate", "--verbosity", "0"],
        cwd=ROOT, env=os.environ | {"RECOUP_DATABASE_URL": url, "RECOUP_DATABASE_ROLE": "owner"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the tests' database cannot be migrated:\n{done.stdout}{done.stderr}")


def _forget_the_dead(admin: psycopg.Connection) -> None:
    """Drop what test processes that were killed left on our own server, and old templates."""
    if URL:
        return
    names = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
    for (name,) in names.fetchall():
        pid = name.rpartition("_")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    old = admin.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'recoup\\_template\\_%'"
        " ORDER BY oid DESC OFFSET 5"
    )
    for (name,) in old.fetchall():
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Copy:
    """This process's database; `renew` makes it as new."""

    def __init__(self, url: str, worker: str) -> None:
        self.url = url
        self.name = f"test_{worker}_{os.getpid()}"
        self.template = template(url)

    def renew(self) -> None:
        """Drop it if it is there and copy the template again (a tenth of a second)."""
        _disconnect()
        with psycopg.connect(self.url, autocommit=True) as admin:
            _drop(admin, self.name)
            admin.execute(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def drop(self) -> None:
        """Leave nothing behind."""
        _disconnect()
        with psycopg.connect(self.url, autocommit=True) as admin:
            _drop(admin, self.name)

    def settings(self) -> dict[str, Any]:
        """Django's settings for it."""
        wanted = database_settings(make_conninfo(self.url, dbname=self.name), VAR)
        return {key: value for key, value in wanted.items() if key != "TEST"}


def _drop(admin: psycopg.Connection, name: str) -> None:
    try:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    except psycopg.errors.InsufficientPrivilege:
        # Autovacuum, the server's own, is at it: an ordinary user ends it by a plain drop only.
        admin.execute(f"DROP DATABASE IF EXISTS {name}")


def _disconnect() -> None:
    connection = connections["default"]
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool:
        close_pool()


@contextmanager
def own_database(worker: str) -> Iterator[Copy]:
    """Django works on a database of this process's own while this lasts."""
    copy = Copy(server_url(), worker)
    _disconnect()
    known = connections.settings["default"]
    before = dict(known)
    known |= copy.settings()
    copy.renew()
    try:
        yield copy
    finally:
        copy.drop()
        known.clear()
        known |= before
