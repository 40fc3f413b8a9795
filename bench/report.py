"""`make bench`: every measurement in one run, printed and written to docs/benchmarks.md.

    BENCH_SIZES=100000,1000000,3000000 BENCH_REPS=3 BENCH_PARTS=night,next,pages,start,trust,intake

Sizes and parts can be chosen by the environment; the file is written only when everything ran.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from bench import floor, machine, next_case, night, pages, server, start, trust
from bench.figures import Figure, table

SIZES = night.sizes(os.environ.get("BENCH_SIZES", "100000,1000000"))
REPS = int(os.environ.get("BENCH_REPS", "3"))
ALL_PARTS = "night,next,pages,start,trust,intake"
PARTS = os.environ.get("BENCH_PARTS", ALL_PARTS).split(",")
TARGET = server.ROOT / "docs" / "benchmarks.md"
MILLION = 1_000_000
INTRO = """\
# Benchmarks

Written by `make bench`; the programs are in `bench/`. Each figure is the median of {reps} warm
runs, with the spread in brackets. The portfolio is synthetic and seeded: N contracts of 36
instalments as of the evening before 2026-06-15, about 8 % of them late, 40 payments per thousand
on the day. The database is the product's embedded PostgreSQL with its production settings; it,
the product and the load generator share the machine. Every night starts from an exact copy of the
same database, which is read over once. The *floor* is the cheapest set-based SQL that only posts,
ages, opens and ranks (`bench/floor.py`), on the same server in the same run.
"""

Part = Callable[[], tuple[list[Figure], list[str]]]


def _night() -> tuple[list[Figure], list[str]]:
    nights = []
    for size in SIZES:
        nights.append(night.take(size, REPS))
        print(f"\n{table(night.figures(nights))}", flush=True)
    more = ["## The night, step by step", night.steps_table(nights)]
    if floor.REFERENCE.exists():
        theirs = floor.take_reference(floor.REFERENCE, SIZES[0], REPS)["seconds"]["total"]
        ratio = nights[0].floor.median / theirs
        more.append(f"Our floor takes {ratio:.2f} × the reference floor at {SIZES[0]:,} contracts.")
    return night.figures(nights), more


def _next() -> tuple[list[Figure], list[str]]:
    size = _web_size()
    lasts = min(20, size // 20_000)  # seconds, so that the worklists of a small size do not run out
    return next_case.figures([next_case.take(size, lasts) for _ in range(REPS)], size), []


def _pages() -> tuple[list[Figure], list[str]]:
    return pages.figures(pages.take(_web_size(), 300), _web_size()), []


def _start() -> tuple[list[Figure], list[str]]:
    return start.figures(start.take(REPS)), []


def _trust() -> tuple[list[Figure], list[str]]:
    size = _web_size()
    return trust.figures([trust.take_page(size, 300), trust.take_night(size, REPS)]), []


def _intake() -> tuple[list[Figure], list[str]]:
    """Prints its own lines: rows per second and peak memory per kind and format."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.intake"],
        cwd=server.ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return [], ["## Intake", f"```\n{done.stdout.strip()}\n```"]


def _web_size() -> int:
    """A million where it is measured, else the largest size."""
    return MILLION if MILLION in SIZES else max(SIZES)


MEASURED: dict[str, Part] = {
    "night": _night, "next": _next, "pages": _pages, "start": _start, "trust": _trust,
    "intake": _intake,
}  # fmt: skip


def main() -> None:
    """Measure everything asked for; print it; write the page if nothing was left out."""
    figures: list[Figure] = []
    more: list[str] = []
    with server.running():
        on = machine.described()
        for name in PARTS:
            found, told = MEASURED[name]()
            print(f"\n{name}\n{table(found)}", *told, sep="\n\n", flush=True)
            figures += found
            more += told
    parts = [INTRO.format(reps=REPS), _machine(on), table(figures), *more]
    if set(PARTS) == set(ALL_PARTS.split(",")):
        TARGET.write_text("\n\n".join(parts) + "\n")
        print(f"\nWritten to {TARGET.relative_to(server.ROOT)}")


def _machine(on: list[tuple[str, str]]) -> str:
    when = datetime.now(UTC).date().isoformat()
    lines = ["| Measured on | " + when + " |", "|---|---|", *(f"| {k} | {v} |" for k, v in on)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
