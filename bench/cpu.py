"""CPU seconds of processes: a figure that a busy machine changes little."""

import os
from collections.abc import Iterator
from pathlib import Path

from bench import server

TICKS = os.sysconf("SC_CLK_TCK")


def postmaster() -> int:
    """The process number of the benchmark's PostgreSQL."""
    return int((server.VAR / "postgres" / "postmaster.pid").read_text().split()[0])


def seconds(root: int) -> float:
    """CPU seconds used by a process and all below it, those that ended included."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for pid, parent, cpu in _processes():
        children.setdefault(parent, []).append(pid)
        used[pid] = cpu
    total, left = 0.0, [root]
    while left:
        pid = left.pop()
        total += used.get(pid, 0.0)
        left += children.get(pid, [])
    return total


def _processes() -> Iterator[tuple[int, int, float]]:
    """Every process: its number, its parent's, and its CPU seconds."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has just ended
        own_and_ended_children = sum(int(field) for field in fields[11:15])
        yield int(entry.name), int(fields[1]), own_and_ended_children / TICKS
