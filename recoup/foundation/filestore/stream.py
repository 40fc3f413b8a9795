"""Sealing a stream: AES-256-GCM in chunks, so that gigabytes pass through constant memory.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and
its Nonce-Reuse Misuse-Resistance, CRYPTO 2015). Each chunk's nonce is prefix | number | last, so a
chunk that is moved, repeated, left out or put at the end does not open; the header and `about`
(what the stream is) are authenticated with every chunk. A key seals one stream, never two.

    header  12 bytes   "RCS1", chunk size as a power of two, 7 random bytes (the prefix)
    chunk   2^n + 16   ciphertext and tag; the last may be shorter, and always exists
"""

import secrets
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"RCS1"
HEADER_BYTES, TAG_BYTES, KEY_BYTES = 12, 16, 32
CHUNK_POWER = 16
CHUNK_BYTES = 1 << CHUNK_POWER
MOST_CHUNKS = 1 << 32


class StreamBroken(Exception):
    """The bytes are not what was sealed, or not with this key, or not about this."""


def new_key() -> bytes:
    """A fresh key (32 bytes) for one stream."""
    return secrets.token_bytes(KEY_BYTES)


def sealed_size(plain_bytes: int) -> int:
    """How long a sealed stream is."""
    chunks = max(1, -(-plain_bytes // CHUNK_BYTES))
    return HEADER_BYTES + plain_bytes + chunks * TAG_BYTES


def seal(plain: Iterable[bytes], *, key: bytes, about: bytes) -> Iterator[bytes]:
    """The sealed stream, piece by piece."""
    header = MAGIC + bytes([CHUNK_POWER]) + secrets.token_bytes(7)
    cipher, said = AESGCM(key), header + about
    yield header
    for number, (chunk, is_last) in enumerate(_with_last(_regular(plain, CHUNK_BYTES))):
        yield cipher.encrypt(_nonce(header, number, is_last), chunk, said)


def unseal(sealed: Iterable[bytes], *, key: bytes, about: bytes) -> Iterator[bytes]:
    """The plain stream. Raises StreamBroken before it gives out anything that is not genuine.

    A stream that is cut short gives its genuine beginning, then raises: nothing read is to be
    acted upon before the end was reached.
    """
    pieces = iter(sealed)
    header, rest = _header(pieces)
    cipher, said = AESGCM(key), header + about
    chunks = _regular(_chain(rest, pieces), CHUNK_BYTES + TAG_BYTES)
    for number, (chunk, is_last) in enumerate(_with_last(chunks)):
        yield _open(cipher, _nonce(header, number, is_last), chunk, said)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a stretch of plain bytes lies in the sealed stream: from which chunk, which bytes."""

    first_chunk: int
    sealed_start: int
    sealed_stop: int
    skip: int
    length: int


def span(start: int, stop: int, plain_bytes: int) -> Span:
    """The chunks that hold the plain bytes `start` to `stop` (not included)."""
    first = start // CHUNK_BYTES
    last = max(first, (stop - 1) // CHUNK_BYTES)
    whole = CHUNK_BYTES + TAG_BYTES
    sealed_stop = min(HEADER_BYTES + (last + 1) * whole, sealed_size(plain_bytes))
    return Span(
        first, HEADER_BYTES + first * whole, sealed_stop, start - first * CHUNK_BYTES, stop - start
    )


def unseal_span(
    sealed: Iterable[bytes],
    where: Span,
    *,
    header: bytes,
    plain_bytes: int,
    key: bytes,
    about: bytes,
) -> Iterator[bytes]:
    """A stretch of the plain stream from its sealed chunks; each is verified in its place."""
    _check_header(header)
    cipher, said = AESGCM(key), header + about
    final = max(1, -(-plain_bytes // CHUNK_BYTES)) - 1
    skip, left = where.skip, where.length
    for step, chunk in enumerate(_regular(sealed, CHUNK_BYTES + TAG_BYTES)):
        number = where.first_chunk + step
        plain = _open(cipher, _nonce(header, number, number == final), chunk, said)
        part = plain[skip : skip + left]
        skip, left = 0, left - len(part)
        yield part
    if left:
        raise StreamBroken("cut short")


def _header(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    held = b""
    while len(held) < HEADER_BYTES:
        piece = next(pieces, None)
        if piece is None:
            raise StreamBroken("no header")
        held += piece
    header = held[:HEADER_BYTES]
    _check_header(header)
    return header, held[HEADER_BYTES:]


def _check_header(header: bytes) -> None:
    if len(header) != HEADER_BYTES or header[:5] != MAGIC + bytes([CHUNK_POWER]):
        raise StreamBroken("not a sealed stream")


def _nonce(header: bytes, number: int, is_last: bool) -> bytes:
    if number >= MOST_CHUNKS:
        raise StreamBroken("too long")
    return header[5:] + struct.pack(">IB", number, is_last)


def _open(cipher: AESGCM, nonce: bytes, chunk: bytes, said: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, chunk, said)
    except InvalidTag as error:
        raise StreamBroken("not genuine") from error


def _chain(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _regular(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of one size; the last may be shorter, none is empty."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(memoryview(held)[:size])
            del held[:size]
    if held:
        yield bytes(held)


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each chunk with whether it is the last; of nothing at all, one empty last chunk."""
    before = next(chunks, b"")
    for chunk in chunks:
        yield before, False
        before = chunk
    yield before, True
