"""`make run`, the second time: seconds from the command to the first page.

    python -m bench.start [--reps 3]

The first start, in a data folder of its own, loads the sample portfolio and runs its night; then
it is ended as Ctrl-C does, and started again.
"""

import argparse
import contextlib
import http.client
import os
import shutil
import signal
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import server
from bench.figures import Figure, seconds, table
from bench.web_server import free_port

LONGEST_SECONDS = 10
FIRST_START_SECONDS = 900


def take(reps: int) -> list[float]:
    """Seconds to the first page of each start after the first."""
    var = server.VAR / "start"
    shutil.rmtree(var, ignore_errors=True)
    try:
        _start(var, FIRST_START_SECONDS)
        return [_start(var, 120) for _ in range(reps)]
    finally:
        shutil.rmtree(var, ignore_errors=True)


def _start(var: Path, patience: float) -> float:
    port = free_port()
    began = time.perf_counter()
    with _making(var, port) as process:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > patience:
                raise RuntimeError(f"`make run` did not come up; see {var}.log")
            time.sleep(0.05)
        return time.perf_counter() - began


@contextmanager
def _making(var: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"RECOUP_VAR": str(var), "RECOUP_PORT": str(port)}
    environment.pop("RECOUP_DATABASE_URL", None)
    var.parent.mkdir(parents=True, exist_ok=True)
    with var.with_suffix(".log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "run"], cwd=server.ROOT, env=environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=90)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/login")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def figures(samples: Sequence[float]) -> list[Figure]:
    """The report's line."""
    is_met = statistics.median(samples) <= LONGEST_SECONDS
    bar = f"≤ {LONGEST_SECONDS} s"
    return [Figure("`make run`, second start to the first page", seconds(samples), bar, is_met)]


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--reps", type=int, default=3)
    print(table(figures(take(ask.parse_args().reps))))


if __name__ == "__main__":
    main()
