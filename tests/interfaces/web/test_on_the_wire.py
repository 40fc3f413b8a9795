"""What a socket sees of the real web server: where messages end, which TLS it speaks."""

import contextlib
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from recoup.foundation import outbound
from recoup.interfaces.cli import alive

HOST = "recoup.test"
SMUGGLED = f"GET /login HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
POST = (f"POST /api/v1/me HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n").encode()
EMPTY = b"0\r\n\r\n"  # a chunked body without anything


def start(var: Path, **more: str) -> tuple[subprocess.Popen[bytes], int]:
    """The web server as production starts it, behind RECOUP_HTTPS=1; it asks no database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "RECOUP_VAR": str(var), "RECOUP_HTTPS": "1", "RECOUP_HOSTS": f"{HOST},localhost",
        "RECOUP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port),
        "--workers", "1", "--blocking-threads", "2", "--no-ws", "recoup.config.wsgi:application",
    ]  # fmt: skip
    log = (var / "web.log").open("wb")
    process = subprocess.Popen(command, env=environment | more, stdout=log, stderr=log)
    until = time.monotonic() + 60
    while not _listens(port):
        assert process.poll() is None, (var / "web.log").read_text()
        assert time.monotonic() < until, (var / "web.log").read_text()
        time.sleep(0.1)
    return process, port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    process, port = start(tmp_path_factory.mktemp("plain"))
    yield port
    end(process)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One that signs itself, as a closed network may have."""
    folder = tmp_path_factory.mktemp("certificate")
    key, made = folder / "key.pem", folder / "made.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(made),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


@pytest.fixture(scope="module")
def by_tls(
    tmp_path_factory: pytest.TempPathFactory, certificate: tuple[Path, Path]
) -> Iterator[int]:
    made, key = certificate
    process, port = start(
        tmp_path_factory.mktemp("tls"),
        GRANIAN_SSL_CERTIFICATE=str(made),
        GRANIAN_SSL_KEYFILE=str(key),
        GRANIAN_SSL_PROTOCOL_MIN="tls1.2",
    )
    yield port
    end(process)


def answers(port: int, said: bytes) -> tuple[list[int], bool]:
    """The status of every answer to these bytes, and whether the server then hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as to:
        to.sendall(said)
        got, is_closed = b"", False
        try:
            while not is_closed:
                piece = to.recv(65536)
                is_closed = not piece
                got += piece
                to.settimeout(0.5 if got else 20)  # the first answer may have to be made ready
        except TimeoutError:
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", got)], is_closed


def test_two_messages_are_two_and_the_line_stays_open(plain: int) -> None:
    sound = POST + b"Content-Length: 2\r\n\r\n{}"

    assert answers(plain, sound + sound) == ([403, 403], False)


LENGTH = f"Content-Length: {len(EMPTY + SMUGGLED)}\r\n".encode()
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "said",
    [
        POST + LENGTH + CHUNKED + b"\r\n" + EMPTY + SMUGGLED,
        POST + CHUNKED + b"Content-Length: 4\r\n\r\n2\r\n{}\r\n" + EMPTY,
    ],
    ids=["length longer", "length shorter"],
)
def test_where_chunks_are_said_no_length_counts_and_nothing_after_them_is_a_request(
    plain: int, said: bytes
) -> None:
    statuses, is_closed = answers(plain, said)

    assert statuses == [403]
    assert is_closed


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 2\r\nContent-Length: 48\r\n",
        b"Content-Length: 2, 48\r\n",
        b"Content-Length: -2\r\n",
        b"Content-Length: +2\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\nContent-Length: 2\r\n",
        b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 2\r\n",
        b"X: a\r\n Content-Length: 2\r\n",
        b"X: a\x00b\r\nContent-Length: 2\r\n",
    ],
    ids=[
        "two lengths", "a list", "negative", "a plus", "unknown coding", "not last", "a blank",
        "a vertical tab", "folded", "nul",
    ],
)  # fmt: skip
def test_a_message_whose_end_is_in_doubt_is_refused_and_the_line_is_cut(
    plain: int, headers: bytes
) -> None:
    assert answers(plain, POST + headers + b"\r\n{}" + SMUGGLED) == ([400], True)


@pytest.mark.parametrize("body", [b"0x2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}}}\r\n0\r\n\r\n"])
def test_a_chunk_that_is_none_cuts_the_line(plain: int, body: bytes) -> None:
    statuses, is_closed = answers(plain, POST + CHUNKED + b"\r\n" + body + SMUGGLED)

    assert len(statuses) == 1
    assert is_closed


def spoken(port: int, context: ssl.SSLContext) -> str:
    """The version and cipher of a handshake; empty where there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as to:
        try:
            with context.wrap_socket(to, server_hostname="localhost") as tls:
                return f"{tls.version()} {(tls.cipher() or ('',))[0]}"
        except (ssl.SSLError, ConnectionError):
            return ""


def lenient(**of: object) -> ssl.SSLContext:
    """A client that would take anything but what it is told to ask for."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    for name, value in of.items():
        setattr(context, name, value)
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_no_tls_before_1_2_is_spoken(by_tls: int) -> None:
    old = [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1]
    assert [spoken(by_tls, lenient(maximum_version=version)) for version in old] == ["", ""]
    assert spoken(by_tls, lenient()).startswith("TLSv1.3 ")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_every_cipher_has_forward_secrecy_and_is_authenticated(by_tls: int) -> None:
    taken = set[str]()
    one = lenient(maximum_version=ssl.TLSVersion.TLSv1_2)
    for cipher in [c["name"] for c in one.get_ciphers() if not c["name"].startswith("TLS_")]:
        one.set_ciphers(f"{cipher}:@SECLEVEL=0")
        taken.add(spoken(by_tls, one).removeprefix("TLSv1.2 "))

    assert len(taken) > 1
    for cipher in taken - {""}:
        assert cipher.startswith("ECDHE-"), cipher
        assert "GCM" in cipher or "CHACHA20" in cipher, cipher


def test_what_came_by_the_servers_own_tls_is_secure(
    by_tls: int, certificate: tuple[Path, Path]
) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with (
        socket.create_connection(("127.0.0.1", by_tls), timeout=20) as to,
        context.wrap_socket(to, server_hostname="localhost") as tls,
    ):
        tls.sendall(f"GET /api/v1/me HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        said = tls.recv(65536).decode()

    assert said.startswith("HTTP/1.1 401 ")  # over plain HTTP it is 403: a key is asked for now
    assert "strict-transport-security: max-age=63072000" in said.lower()


class Once(BaseHTTPRequestHandler):
    """Somebody outside who takes what we post."""

    def do_POST(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Quietly."""


@pytest.mark.parametrize(
    ("newest", "is_called"), [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)]
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_our_own_client_speaks_no_tls_before_1_2(
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    newest: ssl.TLSVersion,
    is_called: bool,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # the system trusts it
    server = HTTPServer(("127.0.0.1", 0), Once)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    there = outbound.listed(f"https://localhost:{port}=127.0.0.0/8")
    threading.Thread(target=server.handle_request, daemon=True).start()

    def call() -> int:
        return outbound.post(
            f"https://localhost:{port}/", b"", {}, allowed=there, resolver=lambda *_: ["127.0.0.1"]
        ).status

    if is_called:
        assert call() == 204
    else:
        with pytest.raises(outbound.OutboundFailed, match="SSLError"):
            call()
    server.server_close()


def test_the_health_check_asks_by_tls_where_the_server_ends_it(
    by_tls: int, monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]
) -> None:
    def asks() -> int:
        with contextlib.closing(alive.connection(by_tls)) as to:
            to.request("GET", "/static/ui/mark.svg", headers={"Host": HOST})
            return to.getresponse().status

    with pytest.raises(http.client.HTTPException):
        asks()
    monkeypatch.setenv("GRANIAN_SSL_CERTIFICATE", str(certificate[0]))
    assert asks() == 200
