"""Money: whole minor units of one currency. Never a float, never a bare Decimal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Self

from recoup.core.currencies import CurrencyUnknown, exponent
from recoup.core.refusals import Refused
from recoup.core.rounding import Rounding, round_ratio

__all__ = [
    "AmountNotANumber",
    "AmountSigned",
    "AmountTooFine",
    "AmountTooLarge",
    "CurrenciesDiffer",
    "CurrencyUnknown",
    "Money",
    "Rounding",
    "SplitImpossible",
    "parse",
    "round_ratio",
]

LARGEST_MINOR = 10**18 - 1  # fits a PostgreSQL bigint with room for sums
_SIGNS = ("+", "-", "\N{MINUS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}")
_PLAIN = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?")


class CurrenciesDiffer(Refused):
    """Two amounts of different currencies meet in a sum, a difference or a comparison."""

    code = "currencies_differ"
    message = "%(left)s and %(right)s cannot be reckoned together."


class SplitImpossible(Refused):
    """Shares need weights of zero or more, of which one at least is above zero."""

    code = "split_impossible"
    message = "An amount cannot be shared by the weights %(weights)s."


class AmountNotANumber(Refused):
    """The text is not a plain decimal number (NaN, infinity, words, misplaced commas)."""

    code = "amount_not_a_number"
    message = "“%(text)s” is not an amount."


class AmountSigned(Refused):
    """The text carries a sign; direction is a from- and a to-account, not a sign."""

    code = "amount_signed"
    message = "“%(text)s” carries a sign; give the amount without one."


class AmountTooFine(Refused):
    """The text has more decimals than the currency has minor units."""

    code = "amount_too_fine"
    message = "“%(text)s” has more than the %(decimals)s decimals of %(currency)s."


class AmountTooLarge(Refused):
    """The amount exceeds LARGEST_MINOR."""

    code = "amount_too_large"
    message = "“%(text)s” is too large."


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units, e.g. `Money(12_50, "USD")` is twelve dollars fifty.

    `minor` may be negative (a difference). Raises CurrencyUnknown for a code outside ISO 4217.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    def __add__(self, other: Self) -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Self) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Self) -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: Self) -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: Self) -> bool:
        return self.minor >= self._same(other).minor

    def __str__(self) -> str:
        """Major units and code without grouping, e.g. `12.50 USD`; doors localise."""
        return f"{self.major()} {self.currency}"

    def major(self) -> Decimal:
        """The exact amount in major units, e.g. Decimal("12.50")."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Share out by weight (≥ 0) so that the parts always add up to the whole.

        Raises SplitImpossible if a weight is negative or all are zero.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise SplitImpossible(weights=list(weights))
        cuts = [self.minor * sum(weights[:i]) // total for i in range(len(weights) + 1)]
        return [Money(b - a, self.currency) for a, b in pairwise(cuts)]

    def _same(self, other: Self) -> Self:
        if self.currency != other.currency:
            raise CurrenciesDiffer(left=self.currency, right=other.currency)
        return other


def parse(text: str, currency: str) -> Money:
    """The amount which `text` says in major units, exactly: `parse("1,234.56", "CNY")`.

    Commas may group thousands, a dot begins the decimals; nothing is rounded.
    Raises AmountNotANumber, AmountSigned, AmountTooFine, AmountTooLarge, CurrencyUnknown.
    """
    decimals = exponent(currency)
    bare = text.strip()
    found = _PLAIN.fullmatch(bare)
    if bare[:1] in _SIGNS and _PLAIN.fullmatch(bare[1:].strip()):
        raise AmountSigned(text=text)
    if found is None:
        raise AmountNotANumber(text=text)
    part = found["part"] or ""
    if len(part) > decimals:
        raise AmountTooFine(text=text, decimals=decimals, currency=currency)
    digits = found["whole"].replace(",", "") + part.ljust(decimals, "0")
    if len(digits.lstrip("0")) > len(str(LARGEST_MINOR)):
        raise AmountTooLarge(text=text)
    return Money(int(digits), currency)
