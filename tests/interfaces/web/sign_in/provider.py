"""A provider of our own making, over HTTP, that can be told to lie in one claim at a time."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "recoup-test"


class Provider:
    """What it says: honest until `lie` changes something."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.address = ""
        self.subject = "4711"
        self.nonce = ""
        self.claims: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self.sign = self.honestly
        self.asked: list[str] = []
        self.sent: dict[str, str] = {}

    def id_token(self) -> str:
        """The token for whoever is signed in there."""
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "preferred_username": "chen_wei",
            "email": "chen.wei@anda.example",
        }
        said = claims | self.claims
        return self.sign({name: value for name, value in said.items() if value is not None})

    def honestly(self, claims: dict[str, Any]) -> str:
        """Signed by the key that stands in the key set."""
        return jwt.encode(claims, self.key, "RS256", headers={"kid": "k1"})

    def by_another_key(self, claims: dict[str, Any]) -> str:
        """Signed by a key that nobody published, under the published name."""
        return jwt.encode(claims, self.other_key, "RS256", headers={"kid": "k1"})

    def by_nobody(self, claims: dict[str, Any]) -> str:
        """Not signed at all."""
        return jwt.encode(claims, None, "none", headers={"kid": "k1"})

    def by_the_public_key(self, claims: dict[str, Any]) -> str:
        """Signed with what everybody can read, as if it were a shared secret."""
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        head = _part({"alg": "HS256", "typ": "JWT", "kid": "k1"})
        signing = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        body = f"{head}.{_part(claims)}"
        return f"{body}.{_encoded(signing.sign(body.encode(), public))}"

    def keys(self) -> dict[str, Any]:
        """The published key set."""
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [key | {"kid": "k1", "use": "sig", "alg": "RS256"}]}

    def discovery(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        } | self.config


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _part(said: dict[str, Any]) -> str:
    return _encoded(json.dumps(said).encode())


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, listening on a port of this machine."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            pages = {
                "/.well-known/openid-configuration": provider.discovery,
                "/keys": provider.keys,
            }
            self._say(pages[self.path]() if self.path in pages else {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.sent = dict(pair.split("=", 1) for pair in body.split("&"))
            self._say(
                {"access_token": "a", "token_type": "Bearer", "id_token": provider.id_token()}
            )

        def _say(self, what: dict[str, Any]) -> None:
            text = json.dumps(what).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
