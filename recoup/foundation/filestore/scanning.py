"""Scanning for harmful content: clamd's INSTREAM, spoken as its manual says; or none, by setting.

RECOUP_SCANNER=unix:/run/clamav/clamd.ctl | tcp:host:3310 | none
"""

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from recoup.foundation.filestore.refusals import FileInfected, ScannerUnavailable
from recoup.foundation.filestore.rules import Verdict

SECONDS = 60.0
PIECE_BYTES = 1 << 17
ANSWER_BYTES = 4096


class Scan(Protocol):
    """One file being scanned while it streams by."""

    def feed(self, piece: bytes) -> None:
        """The next bytes."""

    def verdict(self) -> Verdict:
        """What it is, once all was fed. Raises FileInfected and ScannerUnavailable."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """Where the scanner listens; an empty address is none."""

    address: str

    @property
    def is_none(self) -> bool:
        return self.address in {"", "none"}

    @contextmanager
    def scan(self) -> Iterator[Scan]:
        """A scan for the length of a `with`. Raises ScannerUnavailable."""
        if self.is_none:
            yield _NoScan()
            return
        with _connection(self.address) as to:
            yield _Instream(to)

    def version(self) -> str:
        """What the scanner calls itself, with the state of its signatures; empty for none."""
        if self.is_none:
            return ""
        with _connection(self.address) as to, _spoken():
            to.sendall(b"zVERSION\0")
            return _answer(to)[:100]


def scanner() -> Scanner:
    """The scanner of this installation."""
    return Scanner(settings.SCANNER)


class _NoScan:
    def feed(self, piece: bytes) -> None:
        """Nobody looks."""

    def verdict(self) -> Verdict:
        return Verdict.NOT_SCANNED


class _Instream:
    """zINSTREAM: pieces with their length before them, an empty one at the end, one answer."""

    def __init__(self, to: socket.socket) -> None:
        self.to = to
        with _spoken():
            to.sendall(b"zINSTREAM\0")

    def feed(self, piece: bytes) -> None:
        with _spoken():
            for part in _parts(piece):
                self.to.sendall(struct.pack(">I", len(part)) + part)

    def verdict(self) -> Verdict:
        with _spoken():
            self.to.sendall(struct.pack(">I", 0))
            said = _answer(self.to)
        if said.endswith("OK") and "FOUND" not in said:
            return Verdict.CLEAN
        if said.endswith("FOUND"):
            raise FileInfected(found=said.removeprefix("stream: ").removesuffix(" FOUND"))
        raise ScannerUnavailable(why=said or "no answer")


def _parts(piece: bytes) -> Iterable[bytes]:
    return (piece[at : at + PIECE_BYTES] for at in range(0, len(piece), PIECE_BYTES))


@contextmanager
def _connection(address: str) -> Iterator[socket.socket]:
    kind, _, where = address.partition(":")
    family = socket.AF_UNIX if kind == "unix" else socket.AF_INET
    host, _, port = where.rpartition(":")
    with _spoken():
        if kind == "unix":
            to = socket.socket(family)
            to.settimeout(SECONDS)
            to.connect(where)
        else:
            to = socket.create_connection((host, int(port)), timeout=SECONDS)
    with to:
        yield to


@contextmanager
def _spoken() -> Iterator[None]:
    """Whatever breaks on the way is one refusal: a scanner that is down opens no door."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise ScannerUnavailable(why=str(error) or type(error).__name__) from error


def _answer(to: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < ANSWER_BYTES:
        piece = to.recv(ANSWER_BYTES)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace").strip()
