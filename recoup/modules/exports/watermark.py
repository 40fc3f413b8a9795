"""The hidden marks of an export, pure: made when it is written, found again in what leaked.

Two independent marks, both keyed by a secret of the export which is kept in the database only:

1. In one text cell of every row (which one is keyed by the row) stand 32 invisible characters:
   the export's id and a keyed check of it, 64 bits, two per character. A single such cell names
   the export. It survives copying, sorting, other sheets and CSV in UTF-8; it does not survive
   retyping, or an encoding without these characters (GBK).
2. The column of row checks: seven letters per row, a keyed digest of the row's identifier. The
   rows may come in any order and number; each one that still stands beside its identifier speaks
   for the export (one in a billion by chance). It survives retyping.

The export's sketch, a short keyed digest of each identifier, stays with us: a list of identifiers
alone, all marks removed, still tells which exports they may have come from.
"""

import hmac
import re
from collections.abc import Iterator
from hashlib import blake2b, sha256

# Zero width space, non-joiner, joiner, word joiner: two bits each.
ZERO_WIDTH = "\u200b\u200c\u200d\u2060"
_RUN = re.compile(f"[{ZERO_WIDTH}]{{32,}}")
_ID_BYTES, _CHECK_BYTES = 4, 4
_CHARACTERS = (_ID_BYTES + _CHECK_BYTES) * 4
# No digits, so that no spreadsheet reads a check as a number; no vowels, so that none is a word.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CHECK_LETTERS = 7
_SKETCH_BYTES = 6


def hidden(export_id: int, secret: bytes) -> str:
    """The invisible characters which name the export."""
    number = export_id.to_bytes(_ID_BYTES, "big")
    return _as_characters(number + _check(number, secret))


def found_hidden(text: str) -> Iterator[tuple[int, bytes]]:
    """(export id, check) of every run of invisible characters; the check is still to be proved."""
    for run in _RUN.findall(text):
        for start in range(len(run) - _CHARACTERS + 1):
            raw = _as_bytes(run[start : start + _CHARACTERS])
            yield int.from_bytes(raw[:_ID_BYTES], "big"), raw[_ID_BYTES:]


def is_proved(export_id: int, check: bytes, secret: bytes) -> bool:
    """Whether the check was made with the export's secret."""
    return hmac.compare_digest(_check(export_id.to_bytes(_ID_BYTES, "big"), secret), check)


def row_check(identifier: str, secret: bytes) -> str:
    """Seven letters that only this export has beside this identifier."""
    digest = hmac.digest(secret, b"row\0" + _bare(identifier), sha256)
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:CHECK_LETTERS])


def marked_place(identifier: str, secret: bytes, places: int) -> int:
    """Which of a row's `places` text cells carries the invisible mark."""
    return hmac.digest(secret, b"place\0" + _bare(identifier), sha256)[0] % places


def sketch_of(identifier: str, secret: bytes) -> bytes:
    """A short keyed digest of an identifier: tells whether it was in the export, nothing more."""
    return blake2b(_bare(identifier), key=secret, digest_size=_SKETCH_BYTES).digest()


def digests(sketch: bytes) -> frozenset[bytes]:
    """The digests that a sketch holds, to look identifiers up in."""
    return frozenset(sketch[i : i + _SKETCH_BYTES] for i in range(0, len(sketch), _SKETCH_BYTES))


def without_marks(text: str) -> str:
    """The text as it was before it was marked."""
    return re.sub(f"[{ZERO_WIDTH}]", "", text)


def _bare(identifier: str) -> bytes:
    return without_marks(identifier).strip().lstrip("'").upper().encode()


def _check(number: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"export\0" + number, sha256)[:_CHECK_BYTES]


def _as_characters(raw: bytes) -> str:
    return "".join(ZERO_WIDTH[byte >> shift & 3] for byte in raw for shift in (6, 4, 2, 0))


def _as_bytes(characters: str) -> bytes:
    bits = [ZERO_WIDTH.index(character) for character in characters]
    return bytes(
        bits[i] << 6 | bits[i + 1] << 4 | bits[i + 2] << 2 | bits[i + 3]
        for i in range(0, len(bits), 4)
    )
