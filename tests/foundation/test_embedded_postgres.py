"""The embedded server: killed, halved, orphaned, doubled; what was acknowledged is there again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from recoup.foundation import embedded_postgres
from recoup.foundation.embedded_postgres import running, socket_dir, start, stop
from recoup.foundation.postgres_refusals import PostgresFailed

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"shared_buffers": "16MB"}
OWNER = """
import sys, time
from pathlib import Path
from recoup.foundation.embedded_postgres import running
with running(Path(sys.argv[1]), shared_buffers="16MB"):
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder made once; each test copies it."""
    var = tmp_path_factory.mktemp("made")
    embedded_postgres.initialise(var / "postgres")
    return var


@pytest.fixture
def var(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A data folder of the test's own, with no server left afterwards."""
    subprocess.run(["cp", "-a", str(made / "postgres"), str(tmp_path / "postgres")], check=True)
    yield tmp_path
    embedded_postgres.end_orphans(tmp_path / "postgres")


def connect(var: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_dir(var)), user="recoup", dbname="recoup", autocommit=True
    )


def postmaster(var: Path) -> int:
    return int((var / "postgres" / "postmaster.pid").read_text().split()[0])


def test_the_servers_log_quotes_no_value_of_a_statement_that_failed(var):
    server = start(var, **SMALL)
    with connect(var) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
        connection.execute("INSERT INTO people VALUES ('漏漏标记')")
        for statement in ("INSERT INTO people VALUES ('漏漏标记')", "SELECT '漏漏标记'::int"):
            with pytest.raises(psycopg.Error, match="漏漏标记"):
                connection.execute(statement)
    stop(server)

    log = (var / "log" / "postgres.log").read_text()
    assert "shut down" in log
    assert "漏漏标记" not in log


def test_what_was_acknowledged_survives_the_servers_sudden_death(var):
    server = start(var, **SMALL)
    acknowledged = 0
    with connect(var) as connection:
        connection.execute("CREATE TABLE paid (id int)")
        for number in range(200):
            connection.execute("INSERT INTO paid VALUES (%s)", [number])
            acknowledged += 1
            if number == 150:
                os.kill(postmaster(var), signal.SIGKILL)
                break
    server.wait(10)

    with running(var, **SMALL), connect(var) as connection:
        assert connection.execute("SELECT count(*) FROM paid").fetchone() == (acknowledged,)


def test_full_pages_in_its_log_are_compressed_by_lz4(var):
    """pglz, which "on" means, made the night of a million contracts nearly three times as long."""
    with running(var, **SMALL), connect(var) as connection:
        assert connection.execute("SHOW wal_compression").fetchone() == ("lz4",)


def test_it_listens_on_no_port_and_only_for_its_owner(var):
    with running(var, **SMALL), connect(var) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert socket_dir(var).stat().st_mode & 0o077 == 0


def test_a_second_user_takes_the_running_server_and_leaves_it_running(var):
    with running(var, **SMALL):
        first = postmaster(var)
        with running(var):
            assert postmaster(var) == first
        assert embedded_postgres.is_ready(socket_dir(var))
    assert not embedded_postgres.is_ready(socket_dir(var))


def test_the_server_ends_with_an_owner_that_is_killed_and_the_next_one_starts_at_once(var):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(var)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"ready\n"
    first = postmaster(var)
    owner.kill()
    owner.wait()

    with running(var, **SMALL), connect(var) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postmaster(var) != first


def test_an_orphan_that_outlived_its_owner_is_ended_before_another_starts(var):
    orphan = start(var, **SMALL)  # as if its owner had died and the kernel had not told it
    said = list[str]()

    with embedded_postgres.owned(var, lambda: said.append("waits"), **SMALL) as server:
        assert orphan.wait(10) == 0
        assert postmaster(var) == server.pid
    assert said == []


def test_a_pid_file_that_names_somebody_elses_process_does_not_stop_it(var):
    (var / "postgres" / "postmaster.pid").write_text(f"{os.getppid()}\n{var}/postgres\n0\n5432\n")

    with running(var, **SMALL), connect(var) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_data_folder_half_made_when_the_power_failed_is_made_anew(tmp_path):
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("17\n")

    embedded_postgres.initialise(tmp_path / "postgres")

    assert (tmp_path / "postgres" / "global" / "pg_control").exists()
    assert not half.exists()


def test_a_server_that_cannot_start_says_why_at_once(var):
    began = time.monotonic()
    with pytest.raises(PostgresFailed, match="unrecognized configuration parameter"):
        start(var, no_such_setting="1")
    assert time.monotonic() - began < 30


def test_a_disk_without_room_is_named_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "NEEDED_MB", 10**9)
    with pytest.raises(PostgresFailed, match=r"MB free, 1000000000 are needed.*RECOUP_VAR"):
        embedded_postgres.check_machine(tmp_path)


def test_a_system_without_time_zones_is_named_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "ZONES", tmp_path)
    with pytest.raises(PostgresFailed, match="apt install tzdata"):
        embedded_postgres.check_machine(tmp_path)


@pytest.mark.skipif(os.getuid() != 0, reason="only root needs a namespace")
def test_root_without_unshare_is_told_to_be_an_ordinary_user(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresFailed, match="Run as an ordinary user"):
        embedded_postgres.check_machine(tmp_path)


def test_a_socket_folder_put_there_by_somebody_else_is_refused(var):
    folder = socket_dir(var)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        with pytest.raises(PostgresFailed, match="belongs to somebody else or is open to all"):
            start(var, **SMALL)
    finally:
        folder.rmdir()


def test_the_sockets_path_fits_however_deep_the_data_folder_lies(tmp_path):
    deep = tmp_path.joinpath(*["a_long_folder_name"] * 12)
    assert len(str(socket_dir(deep) / ".s.PGSQL.5432")) <= 107


def test_stopping_waits_until_it_is_gone(var):
    server = start(var, **SMALL)
    stop(server)
    assert server.returncode == 0
    assert not (var / "postgres" / "postmaster.pid").exists()
