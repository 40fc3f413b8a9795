"""A backup is made, proven and restored for real: processes, PostgreSQL, files, keys."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from recoup.foundation import embedded_postgres
from tests.foundation.backup.installation import Installation

pytestmark = pytest.mark.slow
TABLES = """
import django
django.setup()
from recoup.foundation import db
print(db.ask("SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'")[0]["n"])
"""


@dataclass
class Saved:
    """An installation with a backup of it, its key, and its keys saved apart."""

    house: Installation
    backup: Path
    key: Path
    keys: Path

    @property
    def opened_by(self) -> tuple[object, ...]:
        return ("--key-file", self.key)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    folder = tmp_path_factory.mktemp("b")
    house = Installation(folder / "var").made()
    made = Saved(house, folder / "backup", folder / "backup.key", folder / "keys.sealed")
    assert house.recoup("backup", "key", made.key).returncode == 0
    done = house.recoup("backup", "make", made.backup, *made.opened_by, "--keys-to", made.keys)
    assert done.returncode == 0, done.stderr
    assert "6 files" in done.stdout
    return made


def test_a_backup_holds_nothing_readable_and_no_keys(saved):
    everything = b"".join(p.read_bytes() for p in saved.backup.rglob("*") if p.is_file())
    kek = (saved.house.var / "keys" / "kek").read_bytes().split()[0]

    assert "安达".encode() not in everything
    assert b"CREATE TABLE" not in everything
    assert b"RIFF" not in everything
    assert kek not in everything
    assert kek not in saved.keys.read_bytes()
    assert saved.key.stat().st_mode & 0o077 == 0
    assert not list(saved.backup.parent.glob("*.part"))


def test_a_backup_is_proven_by_restoring_it_and_leaves_nothing(saved):
    proven = saved.house.recoup("backup", "verify", saved.backup, *saved.opened_by)

    assert proven.returncode == 0, proven.stderr
    assert "6 files hashed anew" in proven.stdout
    assert not list(Path(tempfile.gettempdir()).glob("recoup-proof-*"))


def test_an_empty_machine_gets_everything_back_with_the_keys_that_were_apart(saved, tmp_path):
    other = Installation(tmp_path / "var")
    done = other.recoup("restore", saved.backup, *saved.opened_by, "--keys", saved.keys)

    assert done.returncode == 0, done.stderr
    assert "6 files hashed anew" in done.stdout
    assert other.facts() == saved.house.facts()
    assert other.recoup("audit", "verify").returncode == 0
    again = other.recoup("restore", saved.backup, *saved.opened_by)
    assert again.returncode == 2
    assert "backup_not_empty" in again.stderr


def test_without_the_keys_nothing_is_restored(saved, tmp_path):
    other = Installation(tmp_path / "var")
    done = other.recoup("restore", saved.backup, *saved.opened_by)

    assert done.returncode == 2
    assert "backup_keys_missing" in done.stderr
    assert not (tmp_path / "var" / "files" / "store").exists()


@pytest.mark.parametrize(
    ("part", "change"),
    [("manifest", "turned"), ("database", "cut"), ("database", "turned"), ("store", "turned")],
)
def test_a_changed_backup_is_found_and_not_restored(saved, tmp_path, part, change):
    copy = tmp_path / "backup"
    shutil.copytree(saved.backup, copy)
    file = copy / f"{part}.sealed"
    if part == "store":
        file = max(p for p in (copy / "store").rglob("*") if p.is_file())
    data = bytearray(file.read_bytes())
    data = data[:-1] if change == "cut" else data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]
    file.write_bytes(data)

    other = Installation(tmp_path / "var")
    done = other.recoup("restore", copy, *saved.opened_by, "--keys", saved.keys)

    assert done.returncode == 2
    assert "backup_unreadable" in done.stderr
    assert other.python(TABLES) == "0\n"


def test_another_key_opens_nothing(saved, tmp_path):
    other = tmp_path / "other.key"
    assert saved.house.recoup("backup", "key", other).returncode == 0

    done = saved.house.recoup("backup", "show", saved.backup, "--key-file", other)
    assert done.returncode == 2
    assert "backup_unreadable" in done.stderr


def test_a_passphrase_does_too_and_a_short_one_is_refused(saved, tmp_path):
    short, long = tmp_path / "short", tmp_path / "long"
    short.write_text("recoup\n")
    long.write_text("correct horse battery staple\n")
    made = saved.house.recoup("backup", "make", tmp_path / "b", "--passphrase-file", long)

    assert made.returncode == 0, made.stderr
    shown = saved.house.recoup("backup", "show", tmp_path / "b", "--passphrase-file", long)
    assert "6 files" in shown.stdout
    refused = saved.house.recoup("backup", "make", tmp_path / "c", "--passphrase-file", short)
    assert refused.returncode == 2
    assert not (tmp_path / "c").exists()


def test_a_backup_goes_into_a_new_folder_only(saved):
    before = sorted(saved.backup.rglob("*"))
    done = saved.house.recoup("backup", "make", saved.backup, *saved.opened_by)

    assert done.returncode == 2
    assert "backup_place_taken" in done.stderr
    assert sorted(saved.backup.rglob("*")) == before


class OnServer(Installation):
    """An installation whose database is on a server of somebody else's, as an ordinary owner."""

    def __init__(self, var: Path, server: Path, database: str) -> None:
        super().__init__(var)
        self.server, self.database = server, database

    def environment(self) -> dict[str, str]:
        sockets = embedded_postgres.socket_dir(self.server)
        url = f"host={sockets} user=owner dbname={self.database}"
        return super().environment() | {"RECOUP_DATABASE_URL": url}


def test_an_ordinary_owner_of_a_database_elsewhere_saves_and_restores_it_too(tmp_path):
    server = tmp_path / "server"
    with embedded_postgres.running(server):
        sockets = str(embedded_postgres.socket_dir(server))
        with psycopg.connect(host=sockets, user="recoup", dbname="postgres", autocommit=True) as pg:
            pg.execute("CREATE ROLE owner LOGIN")
            pg.execute("GRANT recoup_web, recoup_worker TO owner")
            for name in ("before", "after"):
                pg.execute(f"CREATE DATABASE {name} OWNER owner TEMPLATE template0")
        house = OnServer(tmp_path / "var", server, "before")
        house.made()
        assert house.recoup("backup", "key", tmp_path / "k").returncode == 0
        opened_by = ("--key-file", tmp_path / "k")
        keys = tmp_path / "keys"
        made = house.recoup("backup", "make", tmp_path / "b", *opened_by, "--keys-to", keys)
        assert made.returncode == 0, made.stderr

        other = OnServer(tmp_path / "other", server, "after")
        done = other.recoup("restore", tmp_path / "b", *opened_by, "--keys", keys)
        assert done.returncode == 0, done.stderr
        assert other.facts() == house.facts()
        proven = house.recoup("backup", "verify", tmp_path / "b", *opened_by, "--keys", keys)
        assert proven.returncode == 0, proven.stderr
