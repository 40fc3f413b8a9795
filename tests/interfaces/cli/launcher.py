"""A launcher as a person starts it: a process of its own, its own folder, its own port."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from recoup.foundation import embedded_postgres

ROOT = Path(__file__).resolve().parents[3]
AT_WORK = """
SELECT DISTINCT usename FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Launcher:
    """`recoup run --empty`, with what it prints."""

    def __init__(self, var: Path, port: int, **environment: str) -> None:
        known = {k: v for k, v in os.environ.items() if not k.startswith(("RECOUP_", "DJANGO_"))}
        self.var, self.port, self.said = var, port, ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "recoup", "run", "--empty"],
            cwd=ROOT,
            env=known
            | {"RECOUP_VAR": str(var), "RECOUP_PORT": str(port), "RECOUP_LANG": "en"}
            | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def wait_until_up(self, seconds: float = 120) -> "Launcher":
        """Until it says that everything is started."""
        until = time.monotonic() + seconds
        while "Ctrl-C ends it" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.1)
        return self

    def database_roles(self, seconds: float = 60) -> set[str]:
        """As whom its processes work in the database, once each has had something to ask."""
        somebody = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/", headers={"Cookie": "sessionid=" + "unknown" * 5}
        )
        urllib.request.urlopen(somebody, timeout=30).close()  # noqa: S310
        sockets = embedded_postgres.socket_dir(self.var)
        until, found = time.monotonic() + seconds, set[str]()
        with psycopg.connect(
            host=str(sockets), user="recoup", dbname="recoup", autocommit=True
        ) as asked:
            while len(found) < 2 and time.monotonic() < until:
                found |= {name for (name,) in asked.execute(AT_WORK)}
                time.sleep(0.1)
        return found

    def page(self) -> int:
        """The first page's status; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/login", timeout=30
            ) as answer:
                return int(answer.status)
        except (urllib.error.URLError, OSError):
            return 0

    def database(self) -> psycopg.Connection:
        """A connection to its embedded server."""
        return psycopg.connect(
            host=str(embedded_postgres.socket_dir(self.var)),
            user=embedded_postgres.USER,
            dbname=embedded_postgres.DATABASE,
            autocommit=True,
        )

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        self.process.send_signal(how)
        code = self.process.wait(60)
        self._reader.join(10)
        return code


def processes_of(var: Path) -> list[str]:
    """Command lines of everything that still works for a data folder."""
    mark = str(var).encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
                if mark in (entry / "environ").read_bytes() or mark in command:
                    found.append(command.replace(b"\0", b" ").decode(errors="replace")[:200])
            except OSError:
                continue
    return [command for command in found if command]


def wait_until_none(var: Path, seconds: float = 30) -> list[str]:
    """What is left after a while: nothing, one hopes."""
    until = time.monotonic() + seconds
    while (left := processes_of(var)) and time.monotonic() < until:
        time.sleep(0.1)
    return left
