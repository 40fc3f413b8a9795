"""The house stays small: one screen for a function, one sitting for a file."""

import ast
from pathlib import Path

import pytest

FILES = sorted(p for p in Path("recoup").rglob("*.py") if "migrations" not in p.parts)
FUNCTION_LINES, FILE_LINES = 60, 500


def faults(source: str, name: str) -> list[str]:
    """What is too large in a file, or unsaid."""
    tree = ast.parse(source)
    found = [
        f"{node.name} has {lines} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    if source.count("\n") > FILE_LINES:
        found.append(f"{source.count(chr(10))} lines in one file")
    if not ast.get_docstring(tree) and name not in {"apps.py", "__init__.py"}:
        found.append("no docstring says what the file is for")
    return found


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_room_is_small_and_says_what_it_is_for(path):
    assert faults(path.read_text(), path.name) == []


def test_the_check_finds_a_long_function_a_long_file_and_silence():
    long_function = "def wander():\n" + "    step()\n" * FUNCTION_LINES

    assert faults('"""Short."""\n', "rules.py") == []
    assert faults(long_function, "rules.py") == [
        "wander has 61 lines",
        "no docstring says what the file is for",
    ]
    assert faults('"""Long."""\n' + "x = 1\n" * FILE_LINES, "rules.py") == ["501 lines in one file"]
