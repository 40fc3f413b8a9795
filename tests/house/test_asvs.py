"""docs/security/asvs.md: every requirement of levels 1 and 2 once, met by something that is."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

from docs import asvs

# Section, then each requirement of level 1 or 2 with its level: ASVS 5.0.0.
NUMBERS = """
1.1 1:2 2:2 / 1.2 1:1 2:1 3:1 4:1 5:1 6:2 7:2 8:2 9:2
1.3 1:1 2:1 3:2 4:2 5:2 6:2 7:2 8:2 9:2 10:2 11:2 / 1.4 1:2 2:2 3:2 / 1.5 1:1 2:2
2.1 1:1 2:2 3:2 / 2.2 1:1 2:1 3:2 / 2.3 1:1 2:2 3:2 4:2 / 2.4 1:2
3.2 1:1 2:1 / 3.3 1:1 2:2 3:2 4:2 / 3.4 1:1 2:1 3:2 4:2 5:2 6:2 / 3.5 1:1 2:1 3:1 4:2 5:2
3.7 1:2 2:2 / 4.1 1:1 2:2 3:2 / 4.2 1:2 / 4.3 1:2 2:2 / 4.4 1:1 2:2 3:2 4:2
5.1 1:2 / 5.2 1:1 2:1 3:2 / 5.3 1:1 2:1 / 5.4 1:2 2:2 3:2
6.1 1:1 2:2 3:2 / 6.2 1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1 9:2 10:2 11:2 12:2
6.3 1:1 2:1 3:2 4:2 / 6.4 1:1 2:1 3:2 4:2 / 6.5 1:2 2:2 3:2 4:2 5:2 / 6.6 1:2 2:2 3:2
6.8 1:2 2:2 3:2 4:2 / 7.1 1:2 2:2 3:2 / 7.2 1:1 2:1 3:1 4:1 / 7.3 1:2 2:2
7.4 1:1 2:1 3:2 4:2 5:2 / 7.5 1:2 2:2 / 7.6 1:2 2:2
8.1 1:1 2:2 / 8.2 1:1 2:1 3:2 / 8.3 1:1 / 8.4 1:2 / 9.1 1:1 2:1 3:1 / 9.2 1:1 2:2 3:2 4:2
10.1 1:2 2:2 / 10.2 1:2 2:2 / 10.3 1:2 2:2 3:2 4:2
10.4 1:1 2:1 3:1 4:1 5:1 6:2 7:2 8:2 9:2 10:2 11:2 / 10.5 1:2 2:2 3:2 4:2 5:2
10.6 1:2 2:2 / 10.7 1:2 2:2 3:2
11.1 1:2 2:2 / 11.2 1:2 2:2 3:2 / 11.3 1:1 2:1 3:2 / 11.4 1:1 2:2 3:2 4:2 / 11.5 1:2 / 11.6 1:2
12.1 1:1 2:2 3:2 / 12.2 1:1 2:1 / 12.3 1:2 2:2 3:2 4:2
13.1 1:2 / 13.2 1:2 2:2 3:2 4:2 5:2 / 13.3 1:2 2:2 / 13.4 1:1 2:2 3:2 4:2 5:2
14.1 1:2 2:2 / 14.2 1:1 2:2 3:2 4:2 / 14.3 1:1 2:2 3:2
15.1 1:1 2:2 3:2 / 15.2 1:1 2:2 3:2 / 15.3 1:1 2:2 3:2 4:2 5:2 6:2 7:2
16.1 1:2 / 16.2 1:2 2:2 3:2 4:2 5:2 / 16.3 1:2 2:2 3:2 4:2 / 16.4 1:2 2:2 3:2
16.5 1:2 2:2 3:2 / 17.1 1:2 / 17.2 1:2 2:2 3:2 4:2 / 17.3 1:2 2:2
"""


def demanded() -> dict[str, int]:
    """Every requirement's number and level."""
    found = dict[str, int]()
    for section in re.split(r"[/\n]", NUMBERS):
        name, *rest = section.split() or [""]
        found |= {f"{name}.{n}": int(level) for n, level in (one.split(":") for one in rest)}
    return found


SKIPS = {"skip", "skipif", "xfail"}
# What an installation may name: where else it goes, and what it must keep to itself.
NAMED = re.compile(r"RECOUP_[A-Z_]*(?:URL|ISSUER|SCANNER|OUTBOUND|KEK|SECRET|PASSWORD|KEY)[A-Z_]*")


@cache
def functions(file: str) -> dict[str, ast.FunctionDef]:
    """Every test function of a file by its name."""
    path = Path(file)
    tree = ast.parse(path.read_text() if path.exists() else "")
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def is_skipped(test: ast.FunctionDef) -> bool:
    """Whether a mark on it keeps it from running or from failing."""
    marks = {word for mark in test.decorator_list for word in re.findall(r"\w+", ast.unparse(mark))}
    return bool(marks & SKIPS)


ASKS = re.compile(
    r"pytest\.raises|refused\(|check\w*\(|validate\w*\(|NotOurName\(|expect\(|\.reads\("
)


def can_fail(test: ast.FunctionDef) -> bool:
    """Whether something in it is asserted, or asked of somebody who asserts or raises."""
    has_assertion = any(isinstance(node, ast.Assert) for node in ast.walk(test))
    return has_assertion or ASKS.search(ast.unparse(test)) is not None


def test_there_are_as_many_as_the_standard_says() -> None:
    assert Counter(demanded().values()) == {1: 70, 2: 183}


def test_every_number_stands_here_once_with_its_level() -> None:
    assert Counter(row.number for row in asvs.rows()) == Counter(list(demanded()))
    assert {row.number: row.level for row in asvs.rows()} == demanded()


def test_every_state_is_one_of_four_and_says_how() -> None:
    for row in asvs.rows():
        assert row.state in asvs.STATES, row.number
        assert row.what, row.number
        assert row.how, row.number


def test_what_is_met_wholly_or_partly_is_held_by_a_test_or_is_a_matter_of_process() -> None:
    kept = [row for row in asvs.rows() if row.state in {"met", "partly"}]

    assert len(kept) > 150
    assert [row.number for row in kept if row.held_by == "nothing"] == []


def test_every_test_named_is_there_runs_and_can_fail() -> None:
    named = {test for row in asvs.rows() for test in row.tests}
    wrong = [
        f"{file}::{name}"
        for file, name in sorted(named)
        if (test := functions(file).get(name)) is None or is_skipped(test) or not can_fail(test)
    ]

    assert wrong == []


def test_nothing_is_named_that_is_not_read_as_a_test() -> None:
    """A file alone, or a name that is written otherwise, would hold nothing."""
    said = set(re.findall(r"`(tests/[^`]+)`", asvs.PAGE.read_text()))

    assert said == {f"{file}::{name}" for row in asvs.rows() for file, name in row.tests}


def test_the_counts_are_those_that_the_command_prints() -> None:
    assert f"<!-- counts -->\n{asvs.counts()}<!-- end -->" in asvs.PAGE.read_text()


def test_every_way_out_and_every_secret_of_the_code_is_written_down() -> None:
    pages = [*Path("docs/security").glob("*.md"), *Path("docs/runbooks").glob("*.md")]
    written = " ".join(page.read_text() for page in [*pages, Path("SECURITY.md")])
    named = {
        name for file in Path("recoup").rglob("*.py") for name in NAMED.findall(file.read_text())
    }

    assert len(named) > 10
    assert sorted(name for name in named if name not in written) == []


def test_what_holds_the_access_rules_is_a_test_not_a_promise() -> None:
    """In this chapter nothing is a matter of process."""
    kept = [row for row in asvs.rows() if row.number.startswith("8.") and row.state == "met"]

    assert {row.held_by for row in kept} == {"a test"}
