"""Processes that must not outlive the one that started them, and those that did all the same."""

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PR_SET_PDEATHSIG = 1
PROC = Path("/proc")


def ends_with_parent(sent: signal.Signals) -> Callable[[], None]:
    """For Popen's `preexec_fn`: Linux sends `sent` to the child when the starting thread ends.

    Even `kill -9` of the parent then leaves no orphan. Elsewhere it does nothing.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(sent))
            if os.getppid() != parent:
                os._exit(1)

    return ask_the_kernel


def working_in(folder: Path) -> Iterator[int]:
    """Our processes whose working folder is `folder`, whoever started them (Linux; else none)."""
    wanted = folder.resolve()
    for entry in PROC.iterdir() if PROC.exists() else ():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == wanted:
                yield int(entry.name)


def end_all_in(folder: Path, sent: signal.Signals, within_seconds: float) -> bool:
    """Send `sent` to every process working in `folder`; whether all are gone in time."""
    for pid in working_in(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sent)
    until = time.monotonic() + within_seconds
    while any(not _is_zombie(pid) for pid in working_in(folder)):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _is_zombie(pid: int) -> bool:
    """A zombie runs no more; it only waits for whoever adopted it."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
