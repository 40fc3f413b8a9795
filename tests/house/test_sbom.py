"""The list of contents is that of the lock; a known weakness is found; neither needs a network."""

import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from docs.licences import locked

LOCK = "requirements/base.lock.txt"


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    file = tmp_path_factory.mktemp("sbom") / "sbom.json"
    subprocess.run([sys.executable, "requirements/sbom.py", str(file)], check=True)
    return json.loads(file.read_text())


def test_every_locked_package_of_the_product_stands_in_the_list(contents) -> None:
    listed = {(one["name"], one["version"]) for one in contents["components"]}

    assert listed == {(p.name, p.version) for p in locked() if "running" in p.purpose}
    assert contents["specVersion"] == "1.6"


def test_every_package_bears_its_licence_and_hashes_and_no_address(contents) -> None:
    for one in contents["components"]:
        assert one["licenses"][0]["license"]["name"] not in {"", "?"}, one["name"]
        assert one["hashes"], one["name"]
    assert "://" not in json.dumps(contents["components"])


class Mirror(BaseHTTPRequestHandler):
    """A mirror of the collection in which one package is known to be weak."""

    weak = ""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = asked["package"]["name"].lower() == self.weak
        found = {"vulns": [WEAKNESS]} if known else {}
        said = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *said: object) -> None:
        """Quietly."""


WEAKNESS = {
    "id": "TEST-2026-1",
    "summary": "made up for this test",
    "details": "made up for this test",
    "affected": [{"package": {"name": "pytz", "ecosystem": "PyPI"}, "ranges": []}],
}


@pytest.fixture
def mirror() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("weak", "code"), [("", 0), ("demo-package", 1)])
def test_a_known_weakness_of_a_locked_package_is_found(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weak: str, code: int
) -> None:
    monkeypatch.setattr(Mirror, "weak", weak)
    lock = tmp_path / "lock.txt"
    lock.write_text(f"demo-package==1.0 --hash=sha256:{'0' * 64}\n")
    done = subprocess.run(
        [sys.executable, "requirements/audit.py", str(lock)],
        env=os.environ | {"RECOUP_OSV_URL": mirror},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == code, done.stderr
    assert ("TEST-2026-1" in done.stdout) is bool(weak)


# As the public collection gives them out, shortened; the packages and numbers are made up.
FEED: tuple[dict[str, object], ...] = (
    {
        "schema_version": "1.6.0", "id": "TEST-2026-2", "modified": "2026-11-01T00:00:00Z",
        "summary": "by a range",
        "affected": [{
            "package": {"ecosystem": "PyPI", "name": "Demo_Package"},
            "ranges": [{"type": "ECOSYSTEM", "events": [
                {"introduced": "0"}, {"fixed": "0.9"}, {"introduced": "1.0"}, {"fixed": "1.2.1"},
            ]}],
        }],
    },
    {
        "id": "TEST-2026-3", "modified": "2026-11-20T00:00:00Z",
        "affected": [{
            "package": {"ecosystem": "PyPI", "name": "listed"}, "versions": ["2.0", "2.1"],
            "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}],
        }],
    },
    {
        "id": "TEST-2026-4", "modified": "2026-11-02T00:00:00Z",
        "affected": [{
            "package": {"ecosystem": "PyPI", "name": "last"},
            "ranges": [{"type": "ECOSYSTEM", "events": [
                {"introduced": "1.0"}, {"last_affected": "1.5"},
            ]}],
        }],
    },
    {
        "id": "TEST-2026-5", "modified": "2026-11-02T00:00:00Z",
        "withdrawn": "2026-11-03T00:00:00Z",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "taken-back"}, "versions": ["1.0"]}],
    },
    {
        "id": "TEST-2026-6", "modified": "2026-11-02T00:00:00Z",
        "affected": [{
            "package": {"ecosystem": "PyPI", "name": "by-commit"},
            "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}],
        }],
    },
    {
        "id": "TEST-2026-7", "modified": "2026-11-02T00:00:00Z",
        "affected": [{"package": {"ecosystem": "npm", "name": "other-house"}, "versions": ["1.0"]}],
    },
)  # fmt: skip


def as_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "all.zip", "w") as packed:
        for entry in FEED:
            packed.writestr(f"{entry['id']}.json", json.dumps(entry))
    return folder / "all.zip"


def as_folder(folder: Path) -> Path:
    for entry in FEED:
        (folder / f"{entry['id']}.json").write_text(json.dumps(entry))
    return folder


def as_lines(folder: Path) -> Path:
    (folder / "feed.jsonl").write_text("\n".join(json.dumps(entry) for entry in FEED))
    return folder / "feed.jsonl"


def audited(folder: Path, feed: Path, *pins: str) -> subprocess.CompletedProcess[str]:
    """`make audit FEED=…` of a lock with these packages, where no network answers."""
    lock = folder / "lock.txt"
    lock.write_text("".join(f"{pin} --hash=sha256:{'0' * 64}\n" for pin in pins))
    nowhere = {"RECOUP_OSV_URL": "http://127.0.0.1:1/", "HTTPS_PROXY": "http://127.0.0.1:1/"}
    return subprocess.run(
        [sys.executable, "requirements/audit.py", "--feed", str(feed), str(lock)],
        env=os.environ | nowhere, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("given", [as_zip, as_folder, as_lines])
def test_a_weak_version_of_a_feed_of_the_public_format_is_found(
    tmp_path: Path, given: Callable[[Path], Path]
) -> None:
    done = audited(
        tmp_path,
        given(tmp_path),
        "demo-package==1.2",
        "demo-package==1.2.1",
        "listed==2.1",
        "last==1.5",
    )

    assert done.returncode == 1, done.stderr
    assert "demo-package 1.2: TEST-2026-2, fixed in 1.2.1. by a range" in done.stdout
    assert "listed 2.1: TEST-2026-3, no version fixes it." in done.stdout
    assert "last 1.5: TEST-2026-4" in done.stdout
    assert "3 known weaknesses in 4 locked packages, by 6 entries (1 withdrawn)." in done.stdout


def test_a_sound_version_is_sound_and_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    done = audited(
        tmp_path, as_zip(tmp_path), "demo-package==1.2.1", "demo-package==0.9", "listed==2.2",
        "last==1.5.1", "last==0.9", "taken-back==1.0", "by-commit==1.0", "other-house==1.0",
    )  # fmt: skip

    assert done.returncode == 0, done.stdout
    assert "0 known weaknesses" in done.stdout
    assert "Not checked: by-commit by TEST-2026-6" in done.stdout
    assert "The newest entry is of 2026-11-20" in done.stdout
    assert "Not in the locks, so not asked about: Python itself" in done.stdout


@pytest.mark.parametrize("content", ["", "{}", "[]", "not json", '[{"id": "X"}]'])
def test_what_is_no_feed_ends_with_2_and_says_that_nothing_was_checked(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "feed.json").write_text(content)
    for feed in (tmp_path / "feed.json", tmp_path / "missing.zip"):
        done = audited(tmp_path, feed, "demo-package==1.2")
        assert done.returncode == 2, done.stdout
        assert "nothing was checked" in done.stderr


def test_without_network_and_feed_it_says_that_it_could_not_be_asked(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"demo-package==1.0 --hash=sha256:{'0' * 64}\n")
    done = subprocess.run(
        [sys.executable, "requirements/audit.py", str(lock)],
        env=os.environ | {"RECOUP_OSV_URL": "http://127.0.0.1:1/"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "It could not be asked." in done.stdout
