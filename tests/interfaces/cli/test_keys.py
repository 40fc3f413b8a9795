"""`recoup keys`: what an operator sees and does, and a rotation whose process is killed."""

import os
import signal
import stat
import subprocess
import sys

import pytest
from django.db import connection
from django.utils import translation

from recoup.foundation import db, vault
from recoup.foundation.access.context import as_system
from recoup.foundation.vault import rotation
from recoup.foundation.vault.models import Rotation
from recoup.foundation.vault.refusals import RotationRunning
from recoup.foundation.vault.rules import Purpose
from recoup.interfaces.cli.main import main
from recoup.modules.parties.models import Party
from recoup.modules.parties.sealing import NAME
from tests.factories import make_lender, make_party
from tests.modules.intake.conftest import database_url

PEOPLE = 40
# As the command does it, but it says so after forty rows and waits to be killed.
STOPPED = """
import sys, time, django
django.setup()
from recoup.foundation.access.context import as_system
from recoup.foundation.vault import rotation
def stop(column, rows):
    if rows >= 40:
        print("here", flush=True)
        time.sleep(600)
with as_system("keys"):
    rotation.rotate(int(sys.argv[1]), most=7, tell=stop)
"""


@pytest.fixture
def recoup(settings, tmp_path, monkeypatch):
    """Runs `recoup keys` in English on this test's database, with a key file of its own."""
    settings.VAR = tmp_path
    monkeypatch.delenv("RECOUP_KEK", raising=False)
    monkeypatch.setenv("RECOUP_LANG", "en")
    monkeypatch.setenv("RECOUP_DATABASE_URL", "the test's own")
    with translation.override("en"):
        yield lambda *words: main(["keys", *words])


def name_of(party_id):
    party = Party.objects.get(pk=party_id)
    with as_system("test"):
        about = f"{NAME}/{party.ref}"
        return vault.open(party.name_sealed, lender_id=party.lender_id, about=about)


@pytest.mark.django_db
def test_the_key_file_is_made_once_and_never_over_data_that_need_the_old_one(
    recoup, tmp_path, capsys
):
    assert recoup("make") == 0
    file = tmp_path / "keys" / "kek"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = file.read_text()
    assert str(file) in capsys.readouterr().out
    assert recoup("make") == 0
    assert file.read_text() == key

    wang = make_party("王小强")
    file.rename(tmp_path / "elsewhere")
    for words in (("make",), ("status",), ("rewrap",)):
        assert recoup(*words) == 2
        assert f"The key file {file} is missing" in capsys.readouterr().err
    assert not file.exists()
    (tmp_path / "elsewhere").rename(file)
    assert name_of(wang) == "王小强"


@pytest.mark.django_db
def test_a_key_of_another_installation_is_refused_in_words(recoup, tmp_path, capsys):
    recoup("make")
    make_party("王小强")
    (tmp_path / "keys" / "kek").unlink()
    (tmp_path / "keys" / "kek").write_text("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n")
    (tmp_path / "keys" / "kek").chmod(0o600)

    assert recoup("rewrap") == 2
    assert "which is not among the keys given" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_rotating_and_rewrapping_from_the_console(recoup, capsys):
    wang = make_party("王小强")
    assert recoup("rotate", "--lender", "anda") == 0
    assert recoup("rewrap", "--new", "--forget-old") == 0
    said = capsys.readouterr().out
    assert "3 data keys wrapped anew." in said  # two that seal, one that indexes
    assert "1 old keys forgotten." in said
    assert recoup("status") == 0
    status = capsys.readouterr().out
    assert status.count("own:") == 4
    assert "old" in status
    assert name_of(wang) == "王小强"
    acts = db.ask("SELECT act FROM audit_event WHERE act LIKE 'KEYS%%' ORDER BY at, number")
    assert [row["act"] for row in acts] == ["KEYS_ROTATED", "KEYS_ROTATED"]


@pytest.mark.django_db(transaction=True)
def test_the_key_of_the_indexes_is_changed_and_shown_from_the_console(recoup, capsys, monkeypatch):
    monkeypatch.setattr(rotation, "SETTLE_SECONDS", 0)
    wang, lender = make_party("王小强"), make_lender()

    def stop_at_once(column, rows):
        rotation.stop(lender)

    with as_system("test"):
        rotation.rotate(lender, Purpose.INDEX, most=1, tell=stop_at_once)
    assert recoup("status") == 0
    status = capsys.readouterr().out
    assert f"Lender {lender}, INDEX: STOPPED at parties_contactpoint.value_index, 1 done" in status
    assert "INDEX  old" in status

    assert recoup("rotate", "--indexes", "--lender", "anda") == 0
    assert recoup("status") == 0
    status = capsys.readouterr().out
    assert "INDEX  active" in status
    assert "INDEX  old" not in status
    assert "SEAL  old" not in status  # what seals stays
    with as_system("test"):
        index = vault.index("王小强", lender_id=lender, field="name")
    assert Party.objects.get(name_index=index).pk == wang
    (act,) = db.ask("SELECT facts FROM audit_event WHERE act = 'KEYS_ROTATED'")
    assert '"INDEX"' in str(act["facts"])


@pytest.mark.django_db(transaction=True)
def test_a_rotation_whose_process_is_killed_goes_on(capsys):
    people = {make_party(f"客户{n}"): f"客户{n}" for n in range(PEOPLE)}
    lender = make_lender()
    kill_in_the_middle(lender)
    stood = Rotation.objects.get()
    assert (stood.state, stood.rows) == ("RUNNING", 40)
    assert {party: name_of(party) for party in people} == people

    with as_system("test"):
        for _ in range(100):  # the server notices within moments that its client has died
            if main_rotates(lender):
                break
    assert Rotation.objects.get().state == "DONE"
    assert {party: name_of(party) for party in people} == people


def main_rotates(lender):
    try:
        return rotation.rotate(lender)
    except RotationRunning:
        db.ask("SELECT pg_sleep(0.1)")
        return None


def kill_in_the_middle(lender):
    """Rotate in a process of its own until forty rows are done, and kill it there."""
    url = database_url()
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(lender)],
        env=os.environ
        | {"RECOUP_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "recoup.config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
