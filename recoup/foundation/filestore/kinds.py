"""Which kind a file is, told by its first bytes; its name and what a browser says do not count.

Signatures are read by puremagic; what it cannot tell apart (files in a ZIP, text) is told here.
"""

import codecs

import puremagic

from recoup.foundation.filestore.rules import Kind

HEAD_BYTES = 8192
BY_ENDING: dict[str, Kind] = {
    ".pdf": Kind.PDF,
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".webp": Kind.WEBP,
    ".heif": Kind.HEIF,
    ".heic": Kind.HEIF,
    ".wav": Kind.WAV,
    ".mp3": Kind.MP3,
    ".ogg": Kind.OGG,
    ".opus": Kind.OGG,
    ".amr": Kind.AMR,
    ".m4a": Kind.M4A,
    ".mp4": Kind.MP4,
}
ZIP, PARQUET = b"PK\x03\x04", b"PAR1"
BOOK_PARTS = (b"[Content_Types].xml", b"xl/", b"_rels/")
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file that begins with `head` (up to HEAD_BYTES); None if it is none we know."""
    if head.startswith(PARQUET):
        return Kind.PARQUET
    if head.startswith(ZIP):
        return Kind.XLSX if any(part in head for part in BOOK_PARTS) else Kind.ZIP
    if is_text(head):
        return _kind_of_text(head)
    return _kind_by_signature(head)


def is_text(head: bytes) -> bool:
    """Whether it holds only what a text holds: no control characters, save in wide encodings."""
    return bool(head) and (head.startswith(WIDE_MARKS) or not CONTROLS.intersection(head))


def _kind_of_text(head: bytes) -> Kind | None:
    """Markup is no table: a browser would run what stands in it."""
    start = head.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if start.startswith((b"<", b"%PDF", b"%!", b"#!", b"{\\rtf")):
        return Kind.PDF if start.startswith(b"%PDF") else None
    return Kind.JSON if start.startswith((b"{", b"[")) else Kind.CSV


def _kind_by_signature(head: bytes) -> Kind | None:
    """The surest signature of a kind we know; only signatures at the very beginning count."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    for match in found:
        kind = BY_ENDING.get(match.extension)
        if kind and _begins(head, match.byte_match):
            return kind
    return None


def _begins(head: bytes, signature: bytes | str) -> bool:
    """Whether a signature stands within the first bytes, not somewhere in the content."""
    said = signature if isinstance(signature, bytes) else signature.encode("latin-1")
    return said in head[:64]
