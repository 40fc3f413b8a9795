"""The product's web server, started as in production, on a benchmark database."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import server
from recoup.interfaces.cli.site import read_site


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the server listens, and its process."""

    port: int
    pid: int


@contextmanager
def serving(database: str, application: str = "") -> Iterator[Serving]:
    """The web server on `database` for the length of a `with`; `application`: not the usual one."""
    port = free_port()
    site = read_site(os.environ | {"RECOUP_PORT": str(port)})
    *command, usual = site.web_command()
    log = server.VAR / "log" / "web.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, application or usual],
            env=server.environment(database),
            cwd=server.ROOT,
            stdout=out,
            stderr=out,
        )
    try:
        _await_port(port, process)
        yield Serving(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the web server did not start; see {server.VAR / 'log' / 'web.log'}")
