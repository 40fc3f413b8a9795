"""The tests' own PostgreSQL in `var/test`: started by whoever needs it, gone after the last.

Several test runs, each with several workers, may use it at once. Every one of them holds a shared
lock; a keeper process in the background runs the server until nobody holds that lock any more, so
that a test run which is killed leaves nothing behind.

    python -m tests.support.server FOLDER      the keeper
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from recoup.foundation import embedded_postgres
from recoup.foundation.postgres_refusals import PostgresFailed

# Nothing here has to survive a power cut: fast, not durable.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "max_wal_size": "512MB",
}
ROOT = Path(__file__).resolve().parents[2]


def use(var: Path) -> int:
    """Make sure that the server runs for as long as this process lives; return the held lock."""
    var.mkdir(parents=True, exist_ok=True)
    lock = os.open(var / "users.lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_SH)  # waits while a keeper is shutting the server down
    sockets = embedded_postgres.socket_dir(var)
    if embedded_postgres.is_ready(sockets):
        return lock
    log = var / "keeper.log"
    with log.open("wb") as out:
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.server", str(var)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    until = time.monotonic() + 60
    while not embedded_postgres.is_ready(sockets):
        if time.monotonic() > until:
            raise PostgresFailed(why=f"the tests' server: {log.read_text()}")
        time.sleep(0.1)
    return lock


def keep(var: Path) -> None:
    """Run the server until nobody uses it. A second keeper ends at once."""
    with (var / "keeper.lock").open("w") as mine, (var / "users.lock").open("r+") as users:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        server = _start(var)
        try:
            while server.poll() is None and not _unused(users.fileno()):
                time.sleep(1)
        finally:
            embedded_postgres.stop(server)


def _start(var: Path) -> "subprocess.Popen[bytes]":
    embedded_postgres.end_orphans(var / "postgres")
    try:
        return embedded_postgres.start(var, **SETTINGS)
    except PostgresFailed:  # killed without fsync: a new one is quickly made
        shutil.rmtree(var / "postgres", ignore_errors=True)
        return embedded_postgres.start(var, **SETTINGS)


def _unused(users: int) -> bool:
    """Take the lock when nobody shares it; it is then kept until the server has stopped."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
