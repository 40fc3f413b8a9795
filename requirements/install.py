"""Makes the environment: a virtual environment from a lock, checked by hash. Needs only Python.

    python3 requirements/install.py base|dev

`base` runs Recoup, `dev` also checks and tests it. A stamp in the environment says which lock it
holds, so that a second call costs nothing. It runs before anything is installed and on
Python 3.6 far enough to say what is wrong, hence no imports of ours and no newer syntax.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = Path(os.environ.get("RECOUP_VENV") or HERE.parent / ".venv")
NEEDED_MB = {"base": 900, "dev": 1600}


class CannotInstall(Exception):
    """Why the environment cannot be made, and what to do."""


def main(wanted):
    """Install the lock called `wanted` unless the environment holds it already."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the place that says so
        raise CannotInstall(
            f"Recoup needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. "
            "Name another: make PYTHON=python3.12"
        )
    if _holds(wanted):
        return
    folder = os.open(str(HERE), os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)  # two at once: the second waits, then finds it done
    if not _holds(wanted):
        VENV.parent.mkdir(parents=True, exist_ok=True)
        _install(wanted)


def _install(wanted):
    free_mb = shutil.disk_usage(VENV.parent).free // 2**20
    if free_mb < NEEDED_MB[wanted]:
        raise CannotInstall(
            f"The packages need {NEEDED_MB[wanted]} MB and {VENV.parent} has {free_mb} MB free. "
            "Make room and try again."
        )
    if not _works():
        _step(f"Making the environment in {VENV}", _make)
    if not (VENV / "bin" / "uv").exists():
        _step("Fetching the installer", _pip)
    _step(f"Installing {_packages(wanted)} packages", _uv, wanted)
    _stamp(wanted).write_text(_content(wanted))


def _works():
    """Whether the environment's Python still runs (the system's Python may have been replaced)."""
    python = VENV / "bin" / "python"
    check = [str(python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    return (
        python.exists() and subprocess.run(check, capture_output=True, check=False).returncode == 0
    )


def _make():
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        said = (made.stdout + made.stderr).strip()
        if "ensurepip" in said:
            said = "Python lacks its venv module. On Debian: apt install python3-venv"
        raise CannotInstall(said)


def _pip():
    _call(
        "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:",
        "--require-hashes", "-r", str(HERE / "bootstrap.lock.txt"),
    )  # fmt: skip


def _uv(wanted):
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    _call(
        "-m", "uv", "pip", "install", "--quiet", "--python", str(VENV / "bin" / "python"),
        "--require-hashes", "--compile-bytecode", "--link-mode", "copy",
        "-r", str(_lock(wanted)),
    )  # fmt: skip


def _call(*arguments):
    called = subprocess.run([str(VENV / "bin" / "python"), *arguments], check=False)
    if called.returncode:
        raise CannotInstall(
            "The packages could not be installed; the lines above say why. "
            "Where the package index cannot be reached, set PIP_INDEX_URL and UV_DEFAULT_INDEX "
            "to a mirror."
        )


def _step(says, call, *arguments):
    began = time.monotonic()
    print(f"{says} …", flush=True)
    call(*arguments)
    print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


def _lock(wanted):
    return HERE / f"{wanted}.lock.txt"


def _packages(wanted):
    return sum("==" in line for line in _lock(wanted).read_text().splitlines())


def _content(wanted):
    return hashlib.sha256(_lock(wanted).read_bytes()).hexdigest()


def _stamp(wanted):
    return VENV / f"{wanted}.stamp"


def _holds(wanted):
    """`dev` holds everything `base` does, at the same versions."""
    return _works_quickly() and any(
        _stamp(lock).exists() and _stamp(lock).read_text() == _content(lock)
        for lock in {wanted, "dev"}
    )


def _works_quickly():
    return (VENV / "bin" / "python").exists()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except CannotInstall as no:
        sys.exit(f"recoup: {no}")
