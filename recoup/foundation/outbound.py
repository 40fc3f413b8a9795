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
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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

# Unicast that is given out at all (IANA, Internet Protocol Version 6 Address Space). The old
# site-local fec0::/10 lies outside, and NAT64's 64:ff9b::/96, behind which any IPv4 may stand.
UNICAST_V6 = ipaddress.ip_network("2000::/3")
# Within it, tunnels that hold an IPv4 address: 6to4, and what Teredo is part of. Not every Python
# counts them as not global.
TUNNELS_V6 = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/23"))
# Where clouds keep a machine's secrets or steer it, though the address looks like any other:
# Azure, Alibaba Cloud, AWS over IPv6. Link-local ones are refused as such.
OF_CLOUDS = frozenset(
    map(ipaddress.ip_address, ("168.63.129.16", "100.100.100.200", "fd00:ec2::254"))
)


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
    """What came back: the status, at most the first 64 KiB, and how long to wait if it said so."""

    status: int
    body: bytes
    retry_after: str = ""


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


def check(url: str) -> None:
    """Whether an operator has listed where this leads. Raises OutboundRefused."""
    origin_of(url, _known(None))


def is_lawful(address: Address, network: Network | None) -> bool:
    """Whether an address may be connected to: public, or in the network named for the origin.

    Link-local ones and others where clouds keep their secrets, multicast and the unspecified one
    never.
    """
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if address in OF_CLOUDS:
        return False
    if network is not None:
        return address.version == network.version and address in network
    if address.version == 6 and address not in UNICAST_V6:
        return False
    if any(address in tunnel for tunnel in TUNNELS_V6):
        return False
    return address.is_global and not address.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def addresses(origin: Origin, resolver: Resolver = resolve) -> list[Address]:
    """The origin's addresses; refused as a whole where one of them is not lawful."""
    try:
        found = [ipaddress.ip_address(said) for said in resolver(origin.host, origin.port)]
    except (OSError, UnicodeError):
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
    answer = send(url, body, headers, allowed=allowed, resolver=resolver, tls=tls, seconds=seconds)
    if not 200 <= answer.status < 300:
        origin = origin_of(url, _known(allowed))
        raise OutboundFailed(origin=origin, why=f"status {answer.status}")
    return answer


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: tuple[Origin, ...] | None = None,
    resolver: Resolver = resolve,
    tls: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Send a body; whatever status comes back is the answer, and redirects are not followed.

    Raises OutboundRefused before anything is sent, OutboundFailed where there is no answer. The
    seconds are for all of it after the name was resolved, however slowly it drips.
    """
    origin = origin_of(url, _known(allowed))
    places = addresses(origin, resolver)
    until = time.monotonic() + seconds
    connection = _connection(origin, places, tls, until)
    try:
        connection.connect()
        with _cut_off(connection.sock, until):
            connection.request("POST", _target(urlsplit(url)), body=body, headers=dict(headers))
            answer = _read(connection)
        if time.monotonic() >= until:
            raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = "TimeoutError" if time.monotonic() >= until else type(error).__name__
        raise OutboundFailed(origin=origin, why=why) from error
    finally:
        connection.close()
    return answer


def _known(allowed: tuple[Origin, ...] | None) -> tuple[Origin, ...]:
    return listed(os.environ.get(LISTED, "")) if allowed is None else allowed


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connection(
    origin: Origin, places: Sequence[Address], tls: ssl.SSLContext | None, until: float
) -> http.client.HTTPConnection:
    """A connection to a judged address that speaks to, and believes, the origin's name."""
    seconds = _left(until)
    if origin.scheme == "https":
        context = tls or ssl.create_default_context()
        made: http.client.HTTPConnection = http.client.HTTPSConnection(
            origin.host, origin.port, timeout=seconds, context=context
        )
    else:
        made = http.client.HTTPConnection(origin.host, origin.port, timeout=seconds)
    # The standard library asks this for its socket; host name, Host header and SNI stay the name's.
    made._create_connection = (  # type: ignore[attr-defined]
        lambda _, timeout, source: _reached(places, origin.port, until)
    )
    return made


def _reached(places: Sequence[Address], port: int, until: float) -> socket.socket:
    """A connection to the first of the judged addresses that takes one."""
    for number, place in enumerate(places, start=1):
        share = _left(until) if number == len(places) else _left(until) / 2
        try:
            reached = socket.create_connection((str(place), port), share)
        except OSError:
            if number == len(places):
                raise
            continue
        reached.settimeout(_left(until))
        return reached
    raise OSError


def _left(until: float) -> float:
    return max(until - time.monotonic(), 0.001)


@contextmanager
def _cut_off(sock: socket.socket, until: float) -> Iterator[None]:
    """Hang up at the deadline, whatever is being read: timeouts of a socket begin anew with each
    byte, so that headers which drip would never end."""
    # A duplicate is the same connection to the kernel and none to OpenSSL, which is at work.
    line = socket.socket(fileno=os.dup(sock.fileno()))
    timer = threading.Timer(_left(until), _hang_up, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        line.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _read(connection: http.client.HTTPConnection) -> Answer:
    """The answer up to the size that is read of one."""
    response = connection.getresponse()
    body = b""
    while len(body) < ANSWER_BYTES:
        piece = response.read1(min(8192, ANSWER_BYTES - len(body)))
        if not piece:
            break
        body += piece
    return Answer(response.status, body, response.headers.get("Retry-After", ""))
