"""What one column of the standard layout may hold. Pure data."""

from dataclasses import dataclass, field
from enum import StrEnum


class ColumnType(StrEnum):
    """How a cell is read; `convert` holds one function per type."""

    TEXT = "text"
    IDENTIFIER = "identifier"  # text which must never have passed through a number
    MONEY = "money"  # major units, e.g. 1,234.56
    RATE = "rate"  # per cent a year unless the mapping says otherwise
    MULTIPLIER = "multiplier"  # a plain decimal such as 1.5
    DATE = "date"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and Chinese heading, its type and range, and what it means.

    `longest` is in characters. `least` and `most` are inclusive and in the column's own unit.
    `choices` maps every accepted spelling (lower case) to the value kept.
    `meaning` is an English message; doors translate it.
    """

    name: str
    heading: str
    type: ColumnType
    meaning: str
    required: bool = False
    longest: int = 0
    least: str = ""
    most: str = ""
    choices: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> tuple[str, ...]:
        """The values kept, without their other spellings."""
        return tuple(dict.fromkeys(self.choices.values()))


def text(name: str, heading: str, longest: int, meaning: str, *, required: bool = False) -> Column:
    """A column of free text."""
    return Column(name, heading, ColumnType.TEXT, meaning, required, longest)


def identifier(
    name: str, heading: str, longest: int, meaning: str, *, required: bool = False
) -> Column:
    """A column of numbers-that-are-names: contract, identity or phone numbers."""
    return Column(name, heading, ColumnType.IDENTIFIER, meaning, required, longest)


def money(name: str, heading: str, meaning: str, *, required: bool = False) -> Column:
    """A column of amounts in major units."""
    return Column(name, heading, ColumnType.MONEY, meaning, required)


def day(name: str, heading: str, meaning: str, *, required: bool = False) -> Column:
    """A column of dates."""
    return Column(name, heading, ColumnType.DATE, meaning, required)


def yes_no(name: str, heading: str, meaning: str) -> Column:
    """A column of yes or no."""
    return Column(name, heading, ColumnType.BOOLEAN, meaning)


def whole(
    name: str, heading: str, least: int, most: int, meaning: str, *, required: bool = False
) -> Column:
    """A column of whole numbers within a range."""
    return Column(
        name, heading, ColumnType.INTEGER, meaning, required, least=str(least), most=str(most)
    )


def choice(
    name: str, heading: str, spellings: dict[str, str], meaning: str, *, required: bool = False
) -> Column:
    """A column of known values; `spellings` lists the other spellings of each, split by spaces."""
    accepted = {
        spelling.lower(): value
        for value, others in spellings.items()
        for spelling in (value, *others.split())
    }
    return Column(name, heading, ColumnType.CHOICE, meaning, required, choices=accepted)
