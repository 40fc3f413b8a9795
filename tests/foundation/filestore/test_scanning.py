"""Nothing harmful gets in, and nothing gets in unseen while the scanner is down.

Against a real clamd where one is installed (with a signature of ours for the EICAR test file),
else against a small server that speaks its protocol.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recoup.foundation.filestore import scanning, services
from recoup.foundation.filestore.models import Content
from recoup.foundation.filestore.refusals import FileInfected, ScannerUnavailable
from recoup.foundation.filestore.rules import Purpose, Verdict
from tests.factories import AT_TEN
from tests.foundation.filestore import clamd, contents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("job")]
CLAMD = os.environ.get("RECOUP_TEST_CLAMD") or shutil.which("clamd", path="/usr/sbin:/usr/bin")
SIGNATURE = f"Recoup.Eicar.Test:0:*:{contents.EICAR.hex()}\n"


@pytest.fixture(params=["protocol", "clamd"])
def scanner(request, store, settings, tmp_path_factory) -> Iterator[str]:
    """Both servers; the installation is set to the one at hand."""
    folder = tmp_path_factory.mktemp("c")
    if request.param == "protocol":
        with clamd.speaking(folder / "s") as address:
            settings.SCANNER = address
            yield address
        return
    if not CLAMD:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    process = _real(folder)
    try:
        settings.SCANNER = f"unix:{folder / 's'}"
        yield settings.SCANNER
    finally:
        process.kill()
        process.wait()


def _real(folder: Path) -> "subprocess.Popen[bytes]":
    (folder / "db").mkdir()
    (folder / "db" / "ours.ndb").write_text(SIGNATURE)
    config = folder / "clamd.conf"
    config.write_text(
        f"LocalSocket {folder / 's'}\nDatabaseDirectory {folder / 'db'}\nForeground yes\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength 1M\nLogFile {folder / 'log'}\n"
    )
    process = subprocess.Popen([CLAMD, "--config-file", str(config)], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as tried:
            if tried.connect_ex(str(folder / "s")) == 0:
                break
        time.sleep(0.1)
    else:
        process.kill()
        pytest.fail((folder / "log").read_text())
    return process


def put(lender_id: int, content: bytes, purpose: Purpose = Purpose.INTAKE):
    pieces = [content[at : at + 50_000] for at in range(0, len(content), 50_000)]
    return services.put(pieces, lender_id=lender_id, purpose=purpose, actor_id=7, at=AT_TEN)


def test_a_clean_file_says_who_looked_at_it(scanner, anda):
    row = put(anda, contents.CSV)

    assert row.verdict is Verdict.CLEAN
    assert row.scanner.startswith("ClamAV ")


def test_a_harmful_file_is_refused_and_nothing_of_it_is_kept(scanner, store, anda):
    with pytest.raises(FileInfected) as no:
        put(anda, contents.EICAR)

    assert "eicar" in str(no.value).lower()
    assert not Content.objects.exists()
    assert [p for p in store.rglob("*") if p.is_file()] == []


def test_what_is_too_large_for_the_scanner_is_refused(scanner, store, anda):
    with pytest.raises(ScannerUnavailable):
        put(anda, contents.CSV * 60_000)

    assert not Content.objects.exists()
    assert [p for p in store.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1", "clamd"])
def test_without_a_scanner_that_answers_nothing_gets_in(store, settings, anda, address):
    settings.SCANNER = address

    with pytest.raises(ScannerUnavailable):
        put(anda, contents.CSV)
    assert not Content.objects.exists()


def test_none_by_setting_is_said_of_each_file(store, settings, anda):
    settings.SCANNER = "none"

    assert put(anda, contents.CSV).verdict is Verdict.NOT_SCANNED
    assert scanning.scanner().version() == ""
