"""What docs/security/matrix.toml declares: roles, their rights, conflicts, addresses."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "docs" / "security" / "matrix.toml"


@cache
def matrix() -> dict[str, Any]:
    """The whole file."""
    return tomllib.loads(FILE.read_text())


def rights_of(role: str) -> set[str]:
    """The rights declared for a role."""
    return set(matrix()["roles"][role]["rights"])


def conflicts() -> set[tuple[str, str]]:
    """The declared pairs of duties that are kept apart."""
    return {(a, b) for a, rest in matrix()["conflicts"].items() for b in rest}
