"""Reads the figures of other systems under tests/data/loan_maths."""

import csv
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1] / "data" / "loan_maths"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file, all values as text."""
    with (HOME / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def records(name: str) -> tuple[dict[str, Any], ...]:
    """The records of a JSON-lines file; numbers with a point are exact Decimals."""
    text = (HOME / name).read_text(encoding="utf-8")
    return tuple(json.loads(line, parse_float=Decimal) for line in text.splitlines() if line)


def minor(amount: object) -> int:
    """An amount of a currency with two decimals in minor units; empty is zero."""
    text = str(amount) if amount not in (None, "") else "0"
    exact = Fraction(text) * 100
    assert exact.denominator == 1, f"{text} is finer than a cent"
    return int(exact)


def micro(percent: object) -> int:
    """A rate in per cent as millionths."""
    exact = Fraction(str(percent)) * 10_000
    assert exact.denominator == 1, f"{percent} % is finer than a millionth"
    return int(exact)


def day(text: str) -> date:
    """A date as ISO 8601 writes it."""
    return date.fromisoformat(text)
