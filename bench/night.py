"""The product's night against the floor of the same run.

    python -m bench.night [--sizes 100000,1000000] [--reps 3]

Each run starts from an exact copy of the same database, which is read over once so that it is
warm; fsync is on. The portfolios themselves are kept for the next time, up to a million contracts.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from bench import floor, portfolio, server
from bench.figures import Figure, seconds, table
from bench.shape import AS_OF
from recoup.foundation.db import statements

WARM_UP = Path(__file__).parent / "sql" / "warm_up.sql"
LONGEST_SECONDS = 25
FLOOR_TIMES = 4
PEAK_MB = 500
BYTES_PER_CONTRACT = 8_000
WAL_BYTES = 6 * 2**30
KEPT_UP_TO = 1_000_000  # a larger portfolio is not kept for the next time
GROWTH = {(100_000, 1_000_000): 13, (1_000_000, 3_000_000): 4}


@dataclass(frozen=True, slots=True)
class Nights:
    """What the night took at one size, run by run, and the floor of the same run."""

    contracts: int
    totals: tuple[float, ...]
    steps: dict[str, tuple[float, ...]]
    rows: dict[str, int]
    peak_mb: float
    floor: floor.Timing

    @property
    def median(self) -> float:
        """The run in the middle."""
        return statistics.median(self.totals)

    @property
    def times_floor(self) -> float:
        """How many times the floor the night takes."""
        return self.median / self.floor.median


def morning(contracts: int) -> str:
    """A database in which the night of this size has been run; made if it is not there."""
    done = portfolio.name(contracts) + "_morning"
    if not server.exists(done):
        half = done + "_new"
        _one(portfolio.ensure(contracts), half)
        with server.connect("postgres") as connection:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(half), sql.Identifier(done)))
    return done


def take(contracts: int, reps: int) -> Nights:
    """The floor, then the night `reps` times from the same state."""
    copy = f"bench_{contracts}_night"
    server.drop(copy)  # of a run that was killed
    missing = 1 if server.exists(portfolio.name(contracts)) else 2
    server.require_room(missing * contracts * BYTES_PER_CONTRACT + WAL_BYTES)
    base = portfolio.ensure(contracts)
    least = floor.take(contracts, reps)
    try:
        told = [_one(base, copy) for _ in range(reps)]
    finally:
        server.drop(copy)
        if contracts > KEPT_UP_TO:
            server.drop(base)
    names = told[0]["steps"]
    return Nights(
        contracts,
        tuple(night["seconds"] for night in told),
        {name: tuple(night["steps"][name] for night in told) for name in names},
        told[0]["rows"],
        max(night["peak_mb"] for night in told),
        least,
    )


def _one(base: str, copy: str) -> dict:  # type: ignore[type-arg]
    server.create(copy, template=base)
    with server.connect(copy) as connection:
        for statement in statements(WARM_UP.read_text()):
            connection.execute(statement, {"as_of": AS_OF})
    printed = server.run_python(copy, "-m", "bench.one_night")
    night: dict = json.loads(printed.splitlines()[-1])  # type: ignore[type-arg]
    return night


def figures(nights: Sequence[Nights]) -> list[Figure]:
    """The report's lines: time, ratio to the floor, memory at each size; growth between sizes."""
    lines = []
    for n in nights:
        is_million = n.contracts == 1_000_000
        lines += [
            Figure(
                f"Night at {n.contracts:,} contracts × 36",
                seconds(n.totals),
                f"≤ {LONGEST_SECONDS} s" if is_million else "",
                n.median <= LONGEST_SECONDS if is_million else None,
                f"floor of the same run {seconds(n.floor.totals)}",
            ),
            Figure(
                "– against the floor",
                f"{n.times_floor:.2f} ×",
                f"≤ {FLOOR_TIMES} ×" if is_million else "",
                n.times_floor <= FLOOR_TIMES if is_million else None,
            ),
            Figure(
                "– peak memory of the Python side",
                f"{n.peak_mb:.0f} MB",
                f"≤ {PEAK_MB} MB",
                n.peak_mb <= PEAK_MB,
            ),
        ]
    return lines + _growth({n.contracts: n.median for n in nights})


def _growth(medians: dict[int, float]) -> list[Figure]:
    return [
        Figure(
            f"Night from {small:,} to {large:,}",
            f"{medians[large] / medians[small]:.1f} ×",
            f"≤ {bar} ×",
            medians[large] / medians[small] <= bar,
        )
        for (small, large), bar in GROWTH.items()
        if small in medians and large in medians
    ]


def steps_table(nights: Sequence[Nights]) -> str:
    """Median seconds per step and size, beside the rows each step wrote at the largest."""
    head = " | ".join(f"{n.contracts:,}" for n in nights)
    lines = [f"| Step | {head} | rows at {nights[-1].contracts:,} |",
             "|---" * (len(nights) + 2) + "|"]  # fmt: skip
    for name in nights[0].steps:
        took = " | ".join(f"{statistics.median(n.steps[name]):.2f} s" for n in nights)
        lines.append(f"| {name} | {took} | {nights[-1].rows[name]:,} |")
    return "\n".join(lines)


def sizes(told: str) -> list[int]:
    """The sizes named on the command line, smallest first."""
    return sorted(int(size) for size in told.split(","))


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--sizes", type=sizes, default=[100_000, 1_000_000])
    ask.add_argument("--reps", type=int, default=3)
    told = ask.parse_args()
    with server.running():
        nights = [take(size, told.reps) for size in told.sizes]
        print(table(figures(nights)), steps_table(nights), sep="\n\n")


if __name__ == "__main__":
    main()
