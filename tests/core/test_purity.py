"""The core knows no framework, no clock, no file and no float."""

import ast
import sys
from pathlib import Path

import pytest

CORE = Path(__file__).parents[2] / "recoup" / "core"
FILES = sorted(CORE.rglob("*.py"))
WORLD = {"os", "io", "pathlib", "time", "random", "socket", "subprocess", "threading", "logging"}


def imported(tree: ast.Module) -> set[str]:
    """The modules a file names in its imports."""
    names = {n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names}
    return names | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORE)))
def test_a_room_of_the_core_imports_only_the_language_and_the_core(path):
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        top = name.split(".")[0]
        assert name.startswith("recoup.core") or top in sys.stdlib_module_names, name
        assert top not in WORLD, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORE)))
def test_no_float_is_written_or_made_and_nobody_asks_for_today(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), node.lineno
        assert not (isinstance(node, ast.Name) and node.id == "float"), node.lineno
        assert not (isinstance(node, ast.Attribute) and node.attr in ("today", "now")), node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORE)))
def test_every_room_function_and_class_that_others_see_says_what_it_is_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            nested = node.name == "principal"  # the one closure, inside a documented method
            assert nested or ast.get_docstring(node), node.name
