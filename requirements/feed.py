"""Look locked packages up in a feed of weaknesses that lies on this machine, in the OSV format.

A feed is what the public collection gives out for PyPI: a ZIP of one JSON file per weakness, the
folder it unpacks to, or one such file (an object, a list, or one object a line).
"""

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
ECOSYSTEM = "PyPI"
Entry = dict[str, Any]


class FeedUnreadable(Exception):
    """What was given is no feed of this format; nothing was checked."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A package as the lock has it."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, order=True)
class Weakness:
    """A locked package that is known to be weak, by which entry, and in which version no more."""

    name: str
    version: str
    number: str
    fixed_in: tuple[str, ...] = ()
    summary: str = ""


@dataclass(slots=True)
class Findings:
    """What was found, and what could not be told."""

    weak: list[Weakness] = field(default_factory=list)
    unclear: set[tuple[str, str]] = field(default_factory=set)  # package, entry
    entries: int = 0
    withdrawn: int = 0
    newest: datetime | None = None


def pins(lock: str) -> list[Pin]:
    """Every package a lock names."""
    return [Pin(canonicalize_name(name), version) for name, version in PINNED.findall(lock)]


def read(feed: Path) -> Iterator[Entry]:
    """Every entry of a feed. Raises FeedUnreadable."""
    try:
        if feed.is_dir():
            for file in sorted(feed.rglob("*.json")):
                yield from _entries(file.read_bytes())
        elif zipfile.is_zipfile(feed):
            with zipfile.ZipFile(feed) as packed:
                for name in packed.namelist():
                    if name.endswith(".json"):
                        yield from _entries(packed.read(name))
        else:
            yield from _entries(feed.read_bytes())
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise FeedUnreadable(f"{feed}: {error}") from error


def _entries(content: bytes) -> Iterator[Entry]:
    text = content.decode()
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    for one in found if isinstance(found, list) else [found]:
        if not isinstance(one, dict) or not one.get("id") or "affected" not in one:
            raise ValueError("an entry has no id or says not what is affected")
        yield one


def check(locked: Iterable[Pin], entries: Iterable[Entry]) -> Findings:
    """Compare every entry with every locked package. Raises FeedUnreadable where there is none."""
    by_name = defaultdict[str, list[Pin]](list)
    for pin in locked:  # a lock may name two versions, for two versions of Python
        by_name[pin.name].append(pin)
    found = Findings()
    for entry in entries:
        found.entries += 1
        found.newest = max(filter(None, (found.newest, _moment(entry))), default=None)
        if entry.get("withdrawn"):
            found.withdrawn += 1
            continue
        for affected in entry["affected"]:
            package = affected.get("package", {})
            if package.get("ecosystem") == ECOSYSTEM:
                for pin in by_name.get(canonicalize_name(str(package.get("name", ""))), ()):
                    _compare(entry, affected, pin, found)
    if not found.entries:
        raise FeedUnreadable("there is no entry in it")
    found.weak.sort()
    return found


def _compare(entry: Entry, affected: Entry, pin: Pin, found: Findings) -> None:
    is_weak = _is_affected(pin.version, affected)
    if is_weak is None:
        found.unclear.add((pin.name, entry["id"]))
    elif is_weak:
        summary = str(entry.get("summary", ""))
        fixed = _fixed_in(pin.version, affected)
        found.weak.append(Weakness(pin.name, pin.version, entry["id"], fixed, summary))


def _is_affected(version: str, affected: Entry) -> bool | None:
    """Whether this version is among those named; None where the entry names none we can read."""
    named = affected.get("versions") or []
    if version in named:
        return True
    ranges = [r for r in affected.get("ranges") or [] if r.get("type") == "ECOSYSTEM"]
    if not ranges:
        return False if named else None
    try:
        return any(_is_within(Version(version), one.get("events") or []) for one in ranges)
    except (InvalidVersion, TypeError):
        return None


def _is_within(version: Version, events: list[Entry]) -> bool:
    """OSV's rule: the last event at or before the version says; `fixed` itself is sound."""
    steps = list[tuple[Version, int, bool]]()
    for event in events:
        for what, at in event.items():
            if what == "introduced":
                steps.append((Version("0.dev0" if at == "0" else at), 1, True))
            elif what == "fixed":
                steps.append((Version(at), 0, False))
            elif what == "last_affected" and version > Version(at):
                steps.append((Version(at), 2, False))
    before = [is_weak for at, _, is_weak in sorted(steps) if at <= version]
    return bool(before) and before[-1]


def _fixed_in(version: str, affected: Entry) -> tuple[str, ...]:
    """The later versions that have it no more."""
    ranges = [r for r in affected.get("ranges") or [] if r.get("type") == "ECOSYSTEM"]
    fixed = {e["fixed"] for one in ranges for e in one.get("events") or [] if "fixed" in e}
    return tuple(sorted((at for at in fixed if Version(at) > Version(version)), key=Version))


def _moment(entry: Entry) -> datetime | None:
    try:
        said = datetime.fromisoformat(str(entry.get("modified", "")))
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)
