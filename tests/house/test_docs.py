"""What the documents name exists: links, files, commands, code names, decisions."""

import re
import tomllib
from pathlib import Path

import pytest

from docs import architecture
from recoup.interfaces.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]+)?\)")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FOLDERS = ("recoup/", "tests/", "docs/", "bench/", "sample/", "requirements/")
PATH = re.compile(r"[\w./-]+")


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


def is_path(code: str) -> bool:
    """Whether a piece of code in a text names a file or folder of this repository."""
    return code.startswith(FOLDERS) and PATH.fullmatch(code) is not None


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands(text: str) -> list[str]:
    """Everything a page tells the reader to run: code in the text and lines of code blocks."""
    blocks = FENCE.findall(text)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return CODE.findall(FENCE.sub("", text)) + lines


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    broken = [
        target
        for target, _ in LINK.findall(FENCE.sub("", document.read_text()))
        if not (document.parent / target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_file_named_in_a_text_exists(document: Path) -> None:
    text = FENCE.sub("", document.read_text())
    missing = [
        code
        for code in CODE.findall(text)
        if is_path(code) and "*" not in code and not (ROOT / code).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_test_named_in_a_text_exists(document: Path) -> None:
    named = [code.split("::") for code in CODE.findall(document.read_text()) if "::" in code]
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).exists() or f"def {test}(" not in (ROOT / file).read_text()
    ]

    assert missing == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_make_command_named_exists(document: Path) -> None:
    named = {
        found[1]
        for command in commands(document.read_text())
        if (found := re.match(r"make ([a-z]+)\b", command))
    }

    assert named <= make_targets()


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_python_command_named_exists(document: Path) -> None:
    named = {
        found[1]
        for command in commands(document.read_text())
        if (found := re.search(r"python -m ((?:docs|bench|recoup|sample|tests)[\w.]*)", command))
    }
    missing = {
        module
        for module in named
        if not (ROOT / (module.replace(".", "/") + ".py")).exists()
        and not (ROOT / module.replace(".", "/") / "__main__.py").exists()
    }

    assert missing == set()


def test_the_index_lists_every_decision_once_in_order() -> None:
    folder = ROOT / "docs" / "adr"
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))

    assert re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text()) == decisions


def test_a_decision_has_a_number_a_title_and_its_four_parts() -> None:
    for decision in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")):
        text = decision.read_text()
        assert text.startswith(f"# {int(decision.name[:4])}. "), decision.name
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "Tried or measured"], decision.name


def glossary_rows() -> list[tuple[list[str], str]]:
    """(code names, file) of each row of the glossary."""
    rows = list[tuple[list[str], str]]()
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and (file := CODE.fullmatch(cells[4])):
            rows.append((CODE.findall(cells[2]), file[1]))
    return rows


def test_every_code_name_of_the_glossary_stands_in_its_file() -> None:
    rows = glossary_rows()
    missing = [
        (name, file)
        for names, file in rows
        for name in names
        if not re.search(rf"\b{name}\b", (ROOT / file).read_text())
    ]

    assert len(rows) > 50
    assert missing == []


def test_the_picture_and_tables_of_the_architecture_are_those_of_the_tree() -> None:
    how = "run: python -m docs.architecture"

    assert architecture.PICTURE.read_text() == architecture.picture(), how
    assert architecture.PAGE.read_text() == architecture.page(), how


def test_the_changelog_begins_with_the_version_at_hand() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_list_every_command_once(name: str) -> None:
    listed = re.compile(r"^    \.venv/bin/python -m recoup (\w+)", re.MULTILINE)
    told = listed.findall((ROOT / name).read_text())

    assert sorted(told) == sorted(COMMANDS)
