"""The one way out over HTTP: only to origins an operator has listed, and where they really are.

A name is resolved once, every address it has is judged, and the connection goes to a judged
address, so that a name which changes its mind in between (DNS rebinding) leads nowhere. Redirects
are not followed, answers are cut off, everything has a deadline.
"""

import http.client
import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from recoup.core.refusals import Refused

LISTED = "RECOUP_OUTBOUND"
SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
PORTS = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[str]]


class OutboundRefused(Refused):
    """This address may not be called."""

    code = "outbound_refused"
    message = "%(origin)s may not be called: %(why)s."


class OutboundFailed(Refused):
    """The address may be called, but did not answer as it should."""

    code = "outbound_failed"
    message = "%(origin)s did not answer as it should: %(why)s."


@dataclass(frozen=True, slots=True)
class Origin:
    """A listed origin; with a network its addresses must lie there, else they must be public."""

    scheme: str
    host: str
    port: int
    network: Network | None = None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and at most the first 64 KiB."""

    status: int
    body: bytes


def listed(said: str) -> tuple[Origin, ...]:
    """The origins of RECOUP_OUTBOUND: `https://a.example,https://b.internal=10.0.0.0/8`."""
    return tuple(_listed(entry.strip()) for entry in said.split(",") if entry.strip())


def _listed(entry: str) -> Origin:
    address, _, network = entry.partition("=")
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise OutboundRefused(origin=entry, why="RECOUP_OUTBOUND lists origins (https://host:port)")
    return Origin(
        parts.scheme,
        parts.hostname,
        parts.port or PORTS[parts.scheme],
        ipaddress.ip_network(network) if network else None,
    )


def origin_of(url: str, allowed: tuple[Origin, ...]) -> Origin:
    """The listed origin of a URL. Raises OutboundRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise OutboundRefused(origin=url[:200], why="it is no address") from None
    shown = f"{parts.scheme}://{parts.hostname}:{port}"
    if parts.username is not None or parts.password is not None:
        raise OutboundRefused(origin=shown, why="it holds a name or password")
    for origin in allowed:
        if (origin.scheme, origin.host, origin.port) == (parts.scheme, parts.hostname, port):
            return origin
    raise OutboundRefused(origin=shown, why=f"it is not listed in {LISTED}")


def is_lawful(address: Address, network: Network | None) -> bool:
    """Whether an address may be connected to: public, or in the network named for the origin.

    Link-local ones, where clouds keep their secrets, multicast and the unspecified one never.
    """
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if network is not None:
        return address.version == network.version and address in network
    return address.is_global and not address.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def addresses(origin: Origin, resolver: Resolver = resolve) -> list[Address]:
    """The origin's addresses; refused as a whole where one of them is not lawful."""
    try:
        found = [ipaddress.ip_address(said) for said in resolver(origin.host, origin.port)]
    except OSError:
        raise OutboundFailed(origin=origin, why="its name is not known") from None
    if not found or not all(is_lawful(address, origin.network) for address in found):
        raise OutboundRefused(origin=origin, why="its address is not a public one")
    return found


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: tuple[Origin, ...] | None = None,
    resolver: Resolver = resolve,
    tls: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Send a body; any answer but 2xx is a failure, a redirect too.

    Raises OutboundRefused before anything is sent, OutboundFailed after.
    """
    known = listed(os.environ.get(LISTED, "")) if allowed is None else allowed
    origin = origin_of(url, known)
    place = addresses(origin, resolver)[0]
    until = time.monotonic() + seconds
    connection = _connection(origin, place, tls, seconds)
    try:
        connection.request("POST", _target(urlsplit(url)), body=body, headers=dict(headers))
        answer = _read(connection, until)
    except (OSError, http.client.HTTPException) as error:
        raise OutboundFailed(origin=origin, why=type(error).__name__) from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise OutboundFailed(origin=origin, why=f"status {answer.status}")
    return answer


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connection(
    origin: Origin, place: Address, tls: ssl.SSLContext | None, seconds: float
) -> http.client.HTTPConnection:
    """A connection to the judged address that speaks to, and believes, the origin's name."""
    if origin.scheme == "https":
        context = tls or ssl.create_default_context()
        made: http.client.HTTPConnection = http.client.HTTPSConnection(
            origin.host, origin.port, timeout=seconds, context=context
        )
    else:
        made = http.client.HTTPConnection(origin.host, origin.port, timeout=seconds)
    # The standard library asks this for its socket; host name, Host header and SNI stay the name's.
    made._create_connection = (  # type: ignore[attr-defined]
        lambda _, timeout, source: socket.create_connection((str(place), origin.port), timeout)
    )
    return made


def _read(connection: http.client.HTTPConnection, until: float) -> Answer:
    """The answer within the deadline and the size; what drips in longer is cut off."""
    response = connection.getresponse()
    body = b""
    while len(body) < ANSWER_BYTES:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = response.read1(min(8192, ANSWER_BYTES - len(body)))
        if not piece:
            break
        body += piece
    return Answer(response.status, body)
