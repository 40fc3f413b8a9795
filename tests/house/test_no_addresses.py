"""Pages load nothing from elsewhere, and locks say what is installed, not from where."""

import re
from pathlib import Path

import pytest

SHOWN = sorted(
    p
    for kind in ("html", "css", "js", "txt", "svg")
    for p in Path("recoup").rglob(f"*.{kind}")
    if "locale" not in p.parts
)
LOCKS = sorted(
    p for p in Path("requirements").rglob("*") if p.is_file() and "__pycache__" not in p.parts
)
# XML's own names look like addresses; nothing is fetched from them.
NAMES = re.compile(r"https?://www\.w3\.org/(?:2000/svg|1999/xlink|1999/xhtml|XML/1998/namespace)")
OUTSIDE = re.compile(
    r"(?:https?:)?//[a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,}|@import\s+url|\bcdn\b", re.IGNORECASE
)


def faults(text: str) -> list[str]:
    """Every place that names a host elsewhere."""
    return OUTSIDE.findall(NAMES.sub("", text))


@pytest.mark.parametrize("path", SHOWN, ids=str)
def test_a_page_loads_nothing_from_elsewhere(path):
    assert faults(path.read_text()) == []


@pytest.mark.parametrize("path", LOCKS, ids=str)
def test_a_lock_names_no_address(path):
    text = path.read_text()
    assert faults(text) == []
    assert "--index-url" not in text


def test_every_locked_package_is_hashed():
    for path in Path("requirements").glob("*.lock.txt"):
        entries = re.split(r"\n(?=\S)", path.read_text().strip())
        assert entries
        assert [e for e in entries if "--hash=sha256:" not in e] == [], path


def test_the_check_finds_scripts_styles_and_protocol_relative_addresses():
    assert faults('<script src="https://unpkg.example.com/htmx.js"></script>')
    assert faults('<img src="//static.example.org/a.png">')
    assert faults("@import url(fonts.css)")
    assert not faults('<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>')
    assert not faults("// a comment. <a href='/cases/1'>")
