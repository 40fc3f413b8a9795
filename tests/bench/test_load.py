"""The load generator counts what the server answered, no more and no less."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench import load
from bench.figures import Figure, percentile, table


class Answering(BaseHTTPRequestHandler):
    """Sends everyone on to a numbered case, on a kept connection."""

    protocol_version = "HTTP/1.1"
    answered: list[str] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answered.append(f"{self.headers['Cookie']} {body}")
        self.send_response(302)
        self.send_header("Location", f"/contracts/{len(self.answered)}/case")
        self.send_header("Content-Length", "3000")
        self.end_headers()
        self.wfile.write(b"x" * 3000)

    def log_message(self, *said: object) -> None:
        """Quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    """A small server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Answering.answered.clear()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_every_answer_is_kept_once_with_its_status_and_place(port: int) -> None:
    lanes = [[load.request("POST", "/next", f"who={who}", "token=1")] for who in "abc"]
    answers = load.drive(port, lanes, 0.3)
    assert len(answers) == len(Answering.answered) > 3
    assert {answer.status for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == len(answers)
    assert {text.split()[0] for text in Answering.answered} == {"who=a", "who=b", "who=c"}


def test_a_server_that_hangs_up_is_an_error_not_a_short_count(port: int) -> None:
    lanes = [[b"POST /next HTTP/1.0\r\nContent-Length: 0\r\nCookie: a=1\r\n\r\n"]]
    with pytest.raises(ConnectionError):
        load.drive(port, lanes, 5)


def test_the_ninety_fifth_percentile_lies_above_nineteen_of_twenty() -> None:
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 96.0


def test_a_missed_bar_is_shown_as_missed() -> None:
    assert "**no**" in table([Figure("Night", "30 s", "≤ 25 s", False)])
