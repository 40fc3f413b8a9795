"""The list of contents is that of the lock; a known weakness is found; neither needs a network."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
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
