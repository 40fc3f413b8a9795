"""Transactions and SQL files: the only two ways in which we write."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.transaction import Atomic


def use_case() -> Atomic:
    """One transaction per use case; it refuses to be nested in another."""
    return transaction.atomic(durable=True)


def joining() -> Atomic:
    """A transaction of its own, or a part of the caller's: for acts that are steps of larger ones.

    A refusal undoes this part alone; what the caller did before stands until it ends.
    """
    return transaction.atomic()


def after_commit(callback: Callable[[], object]) -> None:
    """Run `callback` once the data it speaks of is committed."""
    transaction.on_commit(callback)


def run_sql(file: Path, **params: Any) -> int:
    """Run the statements of a .sql file; return how many rows the last that has rows touched."""
    rows = 0
    with connection.cursor() as cursor:
        for statement in statements(file.read_text()):
            cursor.execute(statement, params)
            rows = rows if cursor.rowcount < 0 else int(cursor.rowcount)
    return rows


def statements(text: str) -> list[str]:
    """A file's statements: they end with a semicolon at the end of a line."""
    parts = [part.strip() for part in text.split(";\n")]
    return [part for part in parts if _has_code(part)]


def _has_code(part: str) -> bool:
    lines = (line.strip() for line in part.splitlines())
    return any(line and not line.startswith("--") for line in lines)


def ask(sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run a question written in SQL; return its rows as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
