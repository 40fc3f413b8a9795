"""The launcher as people meet it: started, stopped, killed, started twice, in the way of others."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recoup.interfaces.cli import run
from tests.interfaces.cli.launcher import Launcher, free_port, wait_until_none

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc"),
]


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A data folder in which nothing is left running, whatever happens."""
    yield tmp_path / "var"
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if str(tmp_path).encode() in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                continue


def test_it_starts_is_the_only_one_and_ends_without_a_trace(var):
    port = free_port()
    first = Launcher(var, port).wait_until_up()
    assert first.page() == 200
    assert "recoup staff add NAME --role OPERATOR" in first.said
    assert "recoup-demo-2026" not in first.said
    with first.database() as connection:
        assert connection.execute("SELECT count(*) FROM workforce_user").fetchone() == (0,)
    assert first.database_roles() == {"recoup_web", "recoup_worker"}

    second = Launcher(var, free_port())
    assert second.process.wait(60) == 1
    second._reader.join(10)
    assert f"already runs from this folder: http://127.0.0.1:{port}/" in second.said
    assert first.page() == 200

    assert first.end(signal.SIGINT) == 0
    assert "Everything has ended" in first.said
    assert wait_until_none(var) == []


def test_killed_with_signal_9_it_starts_again_at_once_and_lost_nothing(var):
    port = free_port()
    first = Launcher(var, port).wait_until_up()
    with first.database() as connection:
        connection.execute("CREATE TABLE acknowledged (id int)")
        connection.execute("INSERT INTO acknowledged SELECT generate_series(1, 1000)")
        first.end(signal.SIGKILL)

    began = time.monotonic()
    second = Launcher(var, port).wait_until_up()
    seconds = time.monotonic() - began

    assert second.page() == 200
    with second.database() as connection:
        assert connection.execute("SELECT count(*) FROM acknowledged").fetchone() == (1000,)
    assert second.end() == 0
    assert wait_until_none(var) == []
    assert seconds < 60, "two loaded cores; about five seconds on an idle machine"


def test_a_part_that_is_killed_ends_the_others_and_the_next_start_recovers(var):
    port = free_port()
    first = Launcher(var, port).wait_until_up()
    with first.database() as connection:
        connection.execute("CREATE TABLE acknowledged AS SELECT 1 AS id")
    os.kill(int((var / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    assert first.process.wait(60) == 1
    first._reader.join(10)
    assert "The database has ended" in first.said
    assert wait_until_none(var) == []

    second = Launcher(var, port).wait_until_up()
    with second.database() as connection:
        assert connection.execute("SELECT count(*) FROM acknowledged").fetchone() == (1,)
    assert second.end() == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_that_python_swallowed_in_a_callback_of_its_own_still_ends_it(monkeypatch):
    monkeypatch.setattr(run.signal, "signal", lambda *_: None)

    class Swallows:
        def __del__(self) -> None:
            run._stop(signal.SIGINT, None)

    Swallows()

    with pytest.raises(run.Stopped):
        run._watch([], None)
    run._asked.clear()
    assert run._all_alive([])


def test_with_a_time_for_the_night_the_worker_runs_it_of_its_own_accord_once(var):
    every_second = "* * * * * */1"
    first = Launcher(
        var, free_port(), RECOUP_NIGHT_CRON=every_second, RECOUP_TIME_ZONE="Asia/Shanghai"
    ).wait_until_up()
    nights = "SELECT business_day, finished_at IS NOT NULL FROM foundation_jobrun"
    before = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    with first.database() as connection:
        until = time.monotonic() + 60
        while not (found := connection.execute(nights).fetchall()) or not found[0][1]:
            assert time.monotonic() < until, "the worker never ran the night"
            time.sleep(0.2)
    after = datetime.now(ZoneInfo("Asia/Shanghai")).date()

    assert first.end() == 0
    assert len(found) == 1
    assert before <= found[0][0] <= after


def test_a_port_that_is_taken_is_named_before_anything_is_started(var):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        launcher = Launcher(var, port)

        assert launcher.process.wait(60) == 1
        launcher._reader.join(10)

    assert f"Port {port} on 127.0.0.1 cannot be used: Address already in use" in launcher.said
    assert "RECOUP_PORT" in launcher.said
    assert not (var / "postgres").exists()


def test_a_server_that_does_not_answer_is_named_in_one_line(var):
    launcher = Launcher(
        var, free_port(), RECOUP_DATABASE_URL="postgresql://recoup@127.0.0.1:1/recoup"
    )

    assert launcher.process.wait(60) == 2
    launcher._reader.join(10)

    assert "RECOUP_DATABASE_URL: the database cannot be reached" in launcher.said
    assert "Traceback" not in launcher.said
    assert not (var / "postgres").exists()
