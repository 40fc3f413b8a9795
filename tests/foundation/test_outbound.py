"""The way out: only listed origins, only lawful addresses, the judged address and no other."""

import ipaddress
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation import outbound
from recoup.foundation.outbound import Origin, OutboundFailed, OutboundRefused

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


class Hooks(BaseHTTPRequestHandler):
    """A lender's server: notes what it got, and answers as the path says."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.got.append((self.path, dict(self.headers), self.rfile.read(length)))  # type: ignore[attr-defined]
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 5_000_000)
        elif self.path == "/dripping-headers":
            self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Drip: ")
            for _ in range(100):
                self.wfile.write(b".")
                time.sleep(0.1)
        elif self.path == "/later":
            self.send_response(429)
            self.send_header("Retry-After", "120")
            self.end_headers()
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b".")
                time.sleep(0.1)
        else:
            self.send_response(204)
            self.end_headers()

    def log_message(self, *said: object) -> None:
        """Quietly."""


@pytest.fixture
def hooks() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hooks)
    server.got = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def here(server: ThreadingHTTPServer) -> Origin:
    return Origin("http", "hooks.lender.test", server.server_address[1], LOOPBACK)


def url(server: ThreadingHTTPServer, path: str = "/") -> str:
    return f"http://hooks.lender.test:{server.server_address[1]}{path}"


def at_home(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_a_listed_origin_gets_the_body_under_its_own_name(hooks: ThreadingHTTPServer) -> None:
    answer = outbound.post(
        url(hooks, "/in?a=1"), b"{}", {"X-Signed": "s"}, allowed=(here(hooks),), resolver=at_home
    )

    ((path, headers, body),) = hooks.got  # type: ignore[attr-defined]
    assert answer.status == 204
    assert (path, body, headers["X-Signed"]) == ("/in?a=1", b"{}", "s")
    assert headers["Host"] == f"hooks.lender.test:{hooks.server_address[1]}"


@pytest.mark.parametrize(
    "asked",
    [
        "http://other.test/",
        "https://hooks.lender.test:PORT/",
        "http://hooks.lender.test:1/",
        "http://user:pw@hooks.lender.test:PORT/",
        "http://hooks.lender.test@evil.test:PORT/",
        "file:///etc/passwd",
        "gopher://hooks.lender.test:PORT/",
        "http://[broken",
        "http://hooks.lender.test:99999/",
        "",
    ],
)
def test_what_is_not_listed_is_refused_before_anything_is_asked(
    hooks: ThreadingHTTPServer, asked: str
) -> None:
    def never(host: str, port: int) -> list[str]:
        pytest.fail("a name was looked up")

    there = asked.replace("PORT", str(hooks.server_address[1]))
    with pytest.raises(OutboundRefused):
        outbound.post(there, b"", {}, allowed=(here(hooks),), resolver=never)

    assert hooks.got == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.5", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "192.0.2.1", "168.63.129.16",
        "100.100.100.200", "fd00:ec2::254", "fec0::1", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1", "fe80::1%lo",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    origin = Origin("https", "hooks.lender.test", 443)

    with pytest.raises(OutboundRefused):
        outbound.addresses(origin, lambda host, port: [address])


def test_one_address_inside_among_public_ones_is_enough_to_refuse() -> None:
    origin = Origin("https", "hooks.lender.test", 443)

    with pytest.raises(OutboundRefused):
        outbound.addresses(origin, lambda host, port: ["8.8.8.8", "127.0.0.1"])
    assert outbound.addresses(origin, lambda host, port: ["8.8.8.8"])


def test_a_network_named_for_an_origin_is_allowed_but_never_where_clouds_keep_secrets() -> None:
    inside = Origin("http", "anchors.test", 80, ipaddress.ip_network("10.0.0.0/8"))
    anywhere = Origin("http", "anchors.test", 80, ipaddress.ip_network("0.0.0.0/0"))

    assert outbound.addresses(inside, lambda host, port: ["10.1.2.3"])
    secret = ("169.254.169.254", "168.63.129.16", "100.100.100.200")
    for origin, address in ((inside, "8.8.8.8"), *((anywhere, place) for place in secret)):
        with pytest.raises(OutboundRefused):
            outbound.addresses(origin, lambda host, port, a=address: [a])


def test_a_name_that_changes_its_mind_after_it_was_judged_leads_nowhere_else(
    hooks: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: judged as one address; whoever asks the name again is led elsewhere."""
    real, asked = socket.getaddrinfo, list[str]()

    def rebinding(host: str, *rest: Any, **more: Any) -> Any:
        if host != "hooks.lender.test":
            return real(host, *rest, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert outbound.post(url(hooks), b"", {}, allowed=(here(hooks),)).status == 204

    assert asked == ["hooks.lender.test"]
    assert len(hooks.got) == 1  # type: ignore[attr-defined]


def test_a_redirect_is_not_followed(hooks: ThreadingHTTPServer) -> None:
    with pytest.raises(OutboundFailed):
        outbound.post(url(hooks, "/redirect"), b"", {}, allowed=(here(hooks),), resolver=at_home)

    assert [path for path, _, _ in hooks.got] == ["/redirect"]  # type: ignore[attr-defined]


def test_an_endless_answer_is_cut_off(hooks: ThreadingHTTPServer) -> None:
    answer = outbound.post(
        url(hooks, "/endless"), b"", {}, allowed=(here(hooks),), resolver=at_home
    )

    assert len(answer.body) == outbound.ANSWER_BYTES


@pytest.mark.parametrize("path", ["/drip", "/dripping-headers"])
def test_an_answer_that_drips_ends_at_the_deadline(hooks: ThreadingHTTPServer, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(OutboundFailed) as no:
        outbound.post(
            url(hooks, path), b"", {}, allowed=(here(hooks),), resolver=at_home, seconds=1.0
        )

    assert time.monotonic() - began < 4
    assert no.value.params["why"] == "TimeoutError"


def test_whoever_asks_for_the_answer_gets_it_whatever_it_is(hooks: ThreadingHTTPServer) -> None:
    answer = outbound.send(url(hooks, "/later"), b"", {}, allowed=(here(hooks),), resolver=at_home)

    assert (answer.status, answer.retry_after) == (429, "120")


def test_where_the_first_address_takes_no_connection_the_next_one_is_tried(
    hooks: ThreadingHTTPServer,
) -> None:
    def two(host: str, port: int) -> list[str]:
        return ["127.0.0.99", "127.0.0.1"]

    answer = outbound.post(url(hooks), b"", {}, allowed=(here(hooks),), resolver=two)

    assert answer.status == 204


def test_a_path_that_is_no_ascii_is_a_failure_and_no_crash(hooks: ThreadingHTTPServer) -> None:
    with pytest.raises(OutboundFailed):
        outbound.post(url(hooks, "/钩子"), b"", {}, allowed=(here(hooks),), resolver=at_home)

    assert hooks.got == []  # type: ignore[attr-defined]


def test_a_name_nobody_knows_is_a_failure() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(OutboundFailed):
        outbound.addresses(Origin("https", "nowhere.test", 443), unknown)


def test_the_certificate_must_be_the_names_and_known(
    hooks: ThreadingHTTPServer, tmp_path: Path
) -> None:
    """TLS is spoken to the name although the address was judged: a wrong certificate ends it."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    _self_signed(key, cert, "hooks.lender.test")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(cert, key)
    hooks.socket = server_side.wrap_socket(hooks.socket, server_side=True)
    port = hooks.server_address[1]
    trusting = ssl.create_default_context(cafile=str(cert))
    ours = Origin("https", "hooks.lender.test", port, LOOPBACK)
    other = Origin("https", "other.test", port, LOOPBACK)

    there = f"https://hooks.lender.test:{port}/"
    assert outbound.post(there, b"", {}, allowed=(ours,), resolver=at_home, tls=trusting)
    with pytest.raises(OutboundFailed):
        outbound.post(there, b"", {}, allowed=(ours,), resolver=at_home)
    with pytest.raises(OutboundFailed):
        outbound.post(
            f"https://other.test:{port}/", b"", {}, allowed=(other,), resolver=at_home, tls=trusting
        )
    with pytest.raises(OutboundFailed) as no:
        outbound.post(
            f"{there}dripping-headers",
            b"",
            {},
            allowed=(ours,),
            resolver=at_home,
            tls=trusting,
            seconds=1.0,
        )
    assert no.value.params["why"] == "TimeoutError"
    assert len(hooks.got) == 2  # type: ignore[attr-defined]


def _self_signed(key: Path, cert: Path, name: str) -> None:
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-keyout", str(key), "-out", str(cert), "-subj", f"/CN={name}",
            "-addext", f"subjectAltName=DNS:{name}",
        ],
        check=True, capture_output=True,
    )  # fmt: skip


def test_the_list_is_read_as_it_is_written() -> None:
    found = outbound.listed("https://a.test, http://b.test:8080=10.0.0.0/8")

    assert [str(origin) for origin in found] == ["https://a.test:443", "http://b.test:8080"]
    assert found[1].network == ipaddress.ip_network("10.0.0.0/8")
    assert outbound.listed("") == ()
    with pytest.raises(OutboundRefused):
        outbound.listed("https://a.test/path")


@given(st.ip_addresses())
def test_no_private_address_is_ever_lawful_without_a_network(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if outbound.is_lawful(address, None):
        assert address.is_global
        assert not address.is_private
        assert not address.is_loopback
        assert not address.is_link_local


@given(st.text(max_size=80))
def test_no_text_whatever_gets_past_the_list(text: str) -> None:
    with pytest.raises(OutboundRefused):
        outbound.origin_of(text, (Origin("https", "hooks.lender.test", 443),))
