"""Ask whether a locked package is known to be weak, hash by hash, without installing anything.

    python requirements/audit.py [LOCK …]     default: what runs; 1 if something is known

Asks the public collection of weaknesses (OSV). In a closed network RECOUP_OSV_URL names a mirror of
it; without either, it cannot be known and the command fails: no feed comes with Recoup.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "base.lock.txt"


def command(locks: Sequence[str], mirror: str) -> list[str]:
    """What is run: pip-audit on hashed locks, nothing resolved, nothing installed."""
    asked = [str(Path(sys.executable).with_name("pip-audit")), "--disable-pip", "--require-hashes"]
    asked += ["--progress-spinner", "off", "--vulnerability-service", "osv"]
    if mirror:
        asked += ["--osv-url", mirror]
    return asked + [part for lock in locks for part in ("--requirement", lock)]


if __name__ == "__main__":
    given = sys.argv[1:] or [str(LOCK)]
    asked = command(given, os.environ.get("RECOUP_OSV_URL", ""))
    sys.exit(subprocess.run(asked, check=False).returncode)
