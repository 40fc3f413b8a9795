"""Which bytes a browser asks for (RFC 9110, section 14): one range; anything else is the whole."""

import re
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes `start` to `stop` (not included)."""

    start: int
    stop: int


class RangeUnmeetable(Exception):
    """It begins behind the end."""


def range_asked(header: str, size_bytes: int) -> ByteRange | None:
    """The range of a Range header; None for the whole. Raises RangeUnmeetable.

    Several ranges at once are answered with the whole, as the RFC allows: it costs a server most
    and no player asks for it.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, size_bytes - int(last)), size_bytes
    else:
        start = int(first)
        stop = min(int(last) + 1, size_bytes) if last else size_bytes
    if last and first and int(last) < int(first):
        return None
    if start >= size_bytes or start >= stop:
        raise RangeUnmeetable
    return ByteRange(start, stop)
