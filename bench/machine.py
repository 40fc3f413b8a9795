"""On what a measurement was made."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench import server

SHOWN = ("shared_buffers", "fsync", "synchronous_commit", "full_page_writes", "wal_compression")


def described() -> list[tuple[str, str]]:
    """Processor, memory, versions, the database's settings and the commit."""
    return [
        ("Processor", f"{_processor()}, {len(os.sched_getaffinity(0))} cores"),
        ("Memory", f"{_memory_gb():.0f} GB"),
        ("System", platform.platform()),
        ("Python", platform.python_version()),
        ("Django", version("django")),
        ("PostgreSQL", _postgres()),
        ("Granian", version("granian")),
        ("Load when it began", f"{os.getloadavg()[0]:.1f}"),
        ("Commit", _commit()),
    ]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _postgres() -> str:
    with server.connect("postgres") as connection:
        shown = connection.execute(
            "SELECT name || ' ' || current_setting(name) FROM unnest(%s::text[]) name",
            [list(SHOWN)],
        ).fetchall()
        number = connection.info.parameter_status("server_version")
    return f"{number} ({', '.join(setting for (setting,) in shown)})"


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=server.ROOT, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    return told.stdout.strip() or "unknown"
