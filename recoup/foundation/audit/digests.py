"""The digest of a set of rows: how many there are, and the sum of what each hashes to.

Each row's SHA-256 is cut into four numbers of 64 bits, and each is summed up without overflow. The
order of rows does not matter and a change is a difference, so that a table's digest is that of its
beginning plus what every statement said it changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PARTS = 4
NOTHING = (0,) * PARTS
# A row's text depends on these; watchers and verifiers hold them still.
STILL = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}


@dataclass(frozen=True, slots=True)
class Digest:
    """Rows and sums of a set; sets add up and are taken from each other."""

    rows: int = 0
    sums: tuple[int, ...] = NOTHING

    def plus(self, other: "Digest") -> "Digest":
        """Both sets together; also a set and what changed."""
        pairs = zip(self.sums, other.sums, strict=True)
        return Digest(self.rows + other.rows, tuple(a + b for a, b in pairs))


def digest_of(facts: dict[str, Any]) -> Digest:
    """The digest as an event's facts hold it."""
    return Digest(int(facts["rows"]), tuple(int(part) for part in facts["sums"]))


def row_text(columns: Sequence[str], alias: str = "t") -> str:
    """SQL for a row of these columns; two rows are the same if it is."""
    return "ROW(" + ", ".join(f'{alias}."{column}"' for column in columns) + ")"


def sums_sql(hexadecimal: str) -> str:
    """SQL for the array of sums over hashes in hexadecimal."""
    parts = ", ".join(
        f"coalesce(sum(('x' || substr({hexadecimal}, {1 + 16 * n}, 16))::bit(64)::bigint), 0)"
        for n in range(PARTS)
    )
    return f"ARRAY[{parts}]"


def digest_sql(source: str, columns: Sequence[str], where: str = "true") -> str:
    """SQL for the digest of a table or transition table: count and array of sums."""
    return (
        f"SELECT count(*) AS rows, {sums_sql('h')} AS sums FROM ("  # noqa: S608 - our own names
        f"SELECT encode(sha256(convert_to({row_text(columns)}::text, 'UTF8')), 'hex') AS h "
        f"FROM {source} AS t WHERE {where} OFFSET 0) AS hashed"
    )
