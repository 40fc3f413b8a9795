"""The launcher's children: the web server and the worker, each in a session of its own.

A child carries the mark of its data folder in its environment, so that the next launcher finds
what one that was killed left behind, grandchildren included.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recoup.foundation.children import PROC, ends_with_parent

MARK = "RECOUP_LAUNCHED_FOR"
LOG_KEPT_BYTES = 10 * 2**20
TAIL_BYTES = 1500


@dataclass(slots=True)
class Child:
    """A running child and where it writes."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def stop(self, seconds: float) -> None:
        """Ask it to end; what is still there after `seconds`, grandchildren too, is killed."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self) -> str:
        """The end of what it wrote."""
        return self.log.read_bytes()[-TAIL_BYTES:].decode(errors="replace").strip()


def launch(name: str, command: Sequence[str], var: Path, environment: dict[str, str]) -> Child:
    """Start a child that writes to its own log and ends when we do."""
    log = var / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=os.environ | environment | {MARK: str(var.resolve())},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=ends_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one thread
        )
    return Child(name, process, log)


def end_leftovers(var: Path, seconds: float = 5.0) -> int:
    """End what a killed launcher of this folder left running; how many there were."""
    found = _marked(var)
    for sent in (signal.SIGTERM, signal.SIGKILL):
        for pid in _marked(var):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sent)
        until = time.monotonic() + seconds
        while _marked(var) and time.monotonic() < until:
            time.sleep(0.05)
    return len(found)


def _marked(var: Path) -> list[int]:
    mark = f"{MARK}={var.resolve()}".encode()
    found = []
    for entry in PROC.iterdir() if PROC.exists() else ():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found
