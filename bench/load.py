"""A lean HTTP load generator: keep-alive connections that read no more of an answer than they must.

It shares two cores with what it measures, so it does as little as it can: requests are bytes made
beforehand, an answer is cut at its Content-Length, and only its status and Location are kept.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Request = bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, where it sends the browser, and how long it took."""

    status: int
    location: str
    seconds: float


def request(
    method: str, path: str, cookies: str, body: str = "", host: str = "127.0.0.1"
) -> Request:
    """A request as a browser that is signed in sends it."""
    head = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Cookie: {cookies}"]
    if body:
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


class Connection(asyncio.Protocol):
    """Sends its requests in turn, each when the one before is answered, until told to stop."""

    def __init__(self, requests: Sequence[Request], ends: float, keep: Callable[[Answer], None]):
        self.requests, self.ends, self.keep = requests, ends, keep
        self.turn, self.began = 0, 0.0
        self.buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected: send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self.began = time.perf_counter()
        if self.began >= self.ends:
            self.transport.close()
            return
        self.transport.write(self.requests[self.turn % len(self.requests)])
        self.turn += 1

    def data_received(self, data: bytes) -> None:
        """Bytes came in: keep the answer once it is whole."""
        self.buffer += data
        head_ends = self.buffer.find(b"\r\n\r\n")
        if head_ends < 0:
            return
        head = self.buffer[:head_ends]
        if len(self.buffer) < head_ends + 4 + int(_header(head, b"content-length") or b"0"):
            return
        self.buffer = b""
        took = time.perf_counter() - self.began
        self.keep(Answer(int(head[9:12]), _header(head, b"location").decode(), took))
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed by us at the end, else an error."""
        if not self.done.done():
            if exc or time.perf_counter() < self.ends:
                self.done.set_exception(exc or ConnectionError("the server closed a connection"))
            else:
                self.done.set_result(None)


def _header(head: bytes, name: bytes) -> bytes:
    at = head.lower().find(b"\r\n" + name + b":")
    if at < 0:
        return b""
    ends = head.find(b"\r\n", at + 2)
    return head[at + len(name) + 3 : ends if ends > 0 else None].strip()


async def _drive(
    port: int, lanes: Sequence[Sequence[Request]], seconds: float, keep: Callable[[Answer], None]
) -> None:
    loop = asyncio.get_running_loop()
    ends = time.perf_counter() + seconds
    made = [
        await loop.create_connection(
            lambda lane=lane: Connection(lane, ends, keep),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
        for lane in lanes
    ]
    await asyncio.gather(*(connection.done for _, connection in made))


def drive(port: int, lanes: Sequence[Sequence[Request]], seconds: float) -> list[Answer]:
    """Every answer of one connection per lane, each repeating its requests for so many seconds."""
    answers: list[Answer] = []
    asyncio.run(_drive(port, lanes, seconds, answers.append))
    return answers
