"""What every reader gives: a header, and rows of text with the number a person sees."""

import math
from collections.abc import Iterator
from typing import Protocol

from recoup.core.refusals import Refused
from recoup.modules.intake.limits import Limits
from recoup.modules.intake.refusals import ColumnsTooMany, HeaderMissing, HeaderRepeated

# The number of the row as a spreadsheet shows it (the header is 1), and its cells as text,
# or why the row cannot be read.
Row = tuple[int, list[str] | Refused]


class Reader(Protocol):
    """A file opened for reading, row by row, in bounded memory."""

    header: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """The rows below the header; blank ones are left out."""
        ...

    def fraction_done(self) -> float:
        """How much of the file has been read, 0 to 1."""
        ...


def checked_header(cells: list[str], limits: Limits) -> tuple[str, ...]:
    """The header's names, stripped, without empty ones at its end.

    Raises HeaderMissing, HeaderRepeated, ColumnsTooMany.
    """
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise HeaderMissing
    if len(names) > limits.columns:
        raise ColumnsTooMany(columns=len(names), limit=limits.columns)
    folded = [name.casefold() for name in names if name]
    twice = sorted({name for name in names if name and folded.count(name.casefold()) > 1})
    if twice:
        raise HeaderRepeated(columns=", ".join(twice))
    return tuple(names)


def number_text(value: float) -> str:
    """A floating number as the shortest decimal text that means it: 0.0704, 5, 1.5E+15.

    From 10^15 on a spreadsheet has lost digits; such numbers stay in scientific form, which
    columns of identifiers refuse.
    """
    if not math.isfinite(value):
        return ""
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    shortest = repr(value)
    if "e" in shortest:
        shortest = f"{value:.30f}".rstrip("0")
    return shortest.removesuffix(".0").removesuffix(".")
