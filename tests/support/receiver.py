"""A lender's webhook receiver: a real HTTPS server that checks what it gets as its lender would."""

import base64
import hashlib
import hmac
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def is_signed_with(self, secret: str) -> bool:
        """As docs/webhooks.md tells the lender's engineer; nothing of ours is called."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        stamp = self.headers["webhook-timestamp"]
        content = f"{self.headers['webhook-id']}.{stamp}.".encode() + self.body
        expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        given = [one.partition(",") for one in self.headers["webhook-signature"].split()]
        return any(
            version == "v1" and hmac.compare_digest(mark, expected) for version, _, mark in given
        )


@dataclass
class Receiver:
    """What came, and what is answered: a status, headers, and after how long."""

    address: str = ""
    port: int = 0
    got: list[Got] = field(default_factory=list)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    refuses: set[str] = field(default_factory=set)  # kinds that are answered 400

    def kinds(self) -> list[str]:
        return [got.said["type"] for got in self.got]


class _Hooks(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        desk: Receiver = self.server.desk  # type: ignore[attr-defined]
        length = int(self.headers.get("Content-Length", 0))
        names = {name.lower(): value for name, value in self.headers.items()}
        got = Got(self.path, names, self.rfile.read(length))
        desk.got.append(got)
        time.sleep(desk.seconds)
        refused = got.said["type"] in desk.refuses
        self.send_response(400 if refused else desk.status)
        for name, value in desk.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Quietly."""


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """A certificate for a name that signs itself, and its key."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "36500", "-keyout", str(key), "-out", str(cert),
            "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@contextmanager
def receiving(cert: Path, key: Path, port: int = 0) -> Iterator[Receiver]:
    """A receiver at https://localhost for the length of a `with`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Hooks)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    port = server.server_address[1]
    desk = Receiver(address=f"https://localhost:{port}/recoup", port=port)
    server.desk = desk  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
