"""Each anchor is also posted elsewhere, where one is set; nothing is kept that could not be."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from recoup.foundation import audit
from recoup.foundation.audit import anchoring
from recoup.foundation.outbound import OutboundFailed, OutboundRefused
from tests.factories import AT_TEN

pytestmark = pytest.mark.django_db


class Witness(HTTPServer):
    """A server on this machine that keeps what it is sent."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.answer = 204
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    server: Witness

    def do_POST(self) -> None:
        self.server.kept.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> Iterator[Witness]:
    with Witness() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("RECOUP_ANCHOR_URL", f"{origin}/anchors")
        monkeypatch.setenv("RECOUP_OUTBOUND", f"{origin}=127.0.0.0/8")
        yield server
        server.shutdown()


def make_anchor() -> anchoring.Anchor | None:
    audit.record(audit.Act.SEARCHED, "search", None)
    return anchoring.anchor(at=AT_TEN, send=anchoring.sender())


def test_an_anchor_is_posted_as_it_is_kept(witness: Witness) -> None:
    made = make_anchor()

    assert made is not None
    assert [made.line.encode()] == witness.kept
    assert json.loads(witness.kept[0])["signature"]


def test_an_anchor_that_is_not_taken_is_made_anew_the_next_time(witness: Witness) -> None:
    witness.answer = 503
    with pytest.raises(OutboundFailed):
        make_anchor()
    assert anchoring.kept_inside() == []

    witness.answer = 204
    assert make_anchor() is not None
    assert len(anchoring.kept_inside()) == 1


def test_an_anchor_goes_nowhere_an_operator_has_not_listed(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOUP_OUTBOUND", "https://elsewhere.test")

    with pytest.raises(OutboundRefused):
        make_anchor()

    assert witness.kept == []


def test_without_an_address_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOUP_ANCHOR_URL", raising=False)

    assert anchoring.sender() is None
