"""Which Chromium the browser tests use: Debian's, else the one `requirements/browser.py` laid."""

import os
import shutil
import sys
from pathlib import Path

IN_CI = os.environ.get("CI", "").lower() == "true"
HOW_TO_GET_ONE = "no Chromium: run `make browser`, or as root `apt-get install chromium`"
PACKAGED = Path(sys.prefix) / "chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> Path | None:
    """Chromium's executable, or None: RECOUP_CHROMIUM, the system's, the packaged one."""
    candidates = [
        os.environ.get("RECOUP_CHROMIUM"),
        shutil.which("chromium"),
        shutil.which("chromium-browser"),
        shutil.which("google-chrome"),
        str(PACKAGED / "chromium"),
    ]
    return next((Path(c) for c in candidates if c and Path(c).exists()), None)


def use_packaged_node() -> None:
    """Beside the packaged Chromium lies a Node that needs less of the system than Playwright's."""
    if find() == PACKAGED / "chromium":
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(PACKAGED / "bin" / "node"))


def environment(executable: Path) -> dict[str, str]:
    """The packaged Chromium brings the libraries and fonts a bare system lacks."""
    known = dict(os.environ)
    if executable.parent == PACKAGED:
        known["LD_LIBRARY_PATH"] = str(PACKAGED / "lib")
        known["FONTCONFIG_PATH"] = str(PACKAGED / "fonts")
    return known
