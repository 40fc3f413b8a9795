"""`recoup audit` and `recoup inspect` as they are called."""

import argparse
from pathlib import Path

import pytest
from django.db import connection

from recoup.foundation import audit
from recoup.foundation.access.context import as_system
from recoup.foundation.audit import anchoring
from recoup.interfaces.cli import audit as command
from recoup.interfaces.cli import inspect as inspection
from recoup.interfaces.worker.audit_tasks import anchor, latest_heads
from tests.factories import make_case, make_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUP_AUDIT_KEY_FILE", str(tmp_path / "keys" / "audit_ed25519"))
    monkeypatch.setenv("RECOUP_ANCHORS", str(tmp_path / "anchors"))


def call(module: object, *words: str) -> int:
    parser = argparse.ArgumentParser()
    module.configure(parser)  # type: ignore[attr-defined]
    with as_system("test"):
        return int(module.run(parser.parse_args(words)))  # type: ignore[attr-defined]


def test_a_record_that_stands_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    make_case(make_contract())
    assert call(command, "anchor") == 0

    assert call(command, "verify") == 0
    assert "没有改动，也没有缺失" in capsys.readouterr().out


def test_tampering_ends_with_1_and_says_what_and_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_case(make_contract())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE cases_case SET state = 'HELD'")
        cursor.execute("RESET session_replication_role")

    assert call(command, "verify") == 1
    assert "cases_case" in capsys.readouterr().out


def test_events_are_shown_of_a_contract(capsys: pytest.CaptureFixture[str]) -> None:
    audit.record(audit.Act.CASE_SEEN, "contract", make_contract(number="AF-1"))
    audit.record(audit.Act.CASE_SEEN, "contract", make_contract(number="AF-2"))

    assert call(command, "show", "--contract", "AF-1", "--act", "CASE_SEEN") == 0
    assert capsys.readouterr().out.count("CASE_SEEN") == 1


def test_the_worker_anchors_each_minute_what_has_happened() -> None:
    audit.record(audit.Act.SEARCHED, "search", None)

    anchor(timestamp=0)
    anchor(timestamp=60)

    assert [made.number for made in anchoring.kept_inside()] == [1]


def test_the_worker_lays_the_heads_outside_every_few_seconds_and_makes_no_row() -> None:
    anchor(timestamp=0)
    audit.record(audit.Act.SEARCHED, "search", None)

    latest_heads(timestamp=10)

    latest = anchoring.latest_outside()
    assert latest is not None
    assert sum(number for number, _hash in latest.heads().values()) > 0
    assert latest.heads() != anchoring.kept_inside()[-1].heads()
    assert len(anchoring.kept_inside()) == 1


def test_a_case_is_written_to_a_file_and_checked_against_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_case(make_contract(number="AF/1"))

    assert call(inspection, "case", "AF/1", "--as-of", "2026-11-01", "--to", str(tmp_path)) == 0
    (file,) = tmp_path.glob("*.zip")
    assert call(inspection, "check", str(file)) == 0
    assert file.name == "case-AF_1-2026-11-01.zip"
    assert file.stat().st_mode & 0o077 == 0

    file.write_bytes(file.read_bytes().replace(b"2026-11-01/case.json", b"2026-11-01/case.jsox"))
    assert call(inspection, "check", str(file)) == 1
    assert "case.jso" in capsys.readouterr().out
