"""The floor: the cheapest set-based night, which only posts, ages, opens and ranks.

    python -m bench.floor [--contracts N] [--reps 3] [--reference PATH]

No ledger, no timeline, no penalty detail, no strategy, no audit. What the product's night adds is
compared with this, on the same server, on the same portfolio, in the same run. With `--reference`
another program that builds and times a floor of its own is run beside it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from bench import server
from bench.binary_copy import Column, copy_in
from bench.shape import AS_OF, BLOCK, Block, block, days
from bench.tables import day, int4, int8
from recoup.foundation.db import statements

SQL = Path(__file__).parent / "sql"
STEPS = ("post", "age", "open", "rank")
DATABASE = "bench_floor"
REFERENCE = server.ROOT.parent / "shared" / "bench" / "night_floor.py"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each run, in all and per step; `late` is how many contracts were in arrears."""

    contracts: int
    late: int
    totals: tuple[float, ...]
    steps: Mapping[str, tuple[float, ...]]

    @property
    def median(self) -> float:
        """The run in the middle."""
        return statistics.median(self.totals)


def build(connection: psycopg.Connection, contracts: int, instalments: int, seed: int) -> None:
    """Load the same draws as the product's portfolio."""
    _run(connection, "build", {})
    for low in range(0, contracts, BLOCK):
        made = block(seed, low, min(contracts, low + BLOCK), instalments)
        copy_in(connection, "floor.due", _dues(made))
        copy_in(connection, "floor.late", _late(made))
        paying = np.flatnonzero(made.pays_minor)
        received = {
            "contract_id": int8(made.ids[paying]),
            "amount": int8(made.pays_minor[paying]),
        }
        copy_in(connection, "floor.received", received)
    _run(connection, "index", {})
    connection.execute("VACUUM ANALYZE floor.due")


def _dues(b: Block) -> Mapping[str, Column]:
    n, instalments = b.due_on.shape
    paid = np.where(np.arange(instalments) < b.whole[:, None], b.amount[:, None], 0)
    parts = b.part_penalty + b.part_interest + b.part_principal
    paid[b.parted, b.whole[b.parted]] = parts[b.parted]
    return {
        "contract_id": int8(np.repeat(b.ids, instalments)),
        "seq": Column("int2", np.tile(np.arange(1, instalments + 1), n)),
        "due_on": day(b.due_on.ravel()),
        "amount": int8(np.repeat(b.amount, instalments)),
        "paid": int8(paid.ravel()),
    }


def _late(b: Block) -> Mapping[str, Column]:
    at = np.flatnonzero(b.unpaid)
    dpd = days(AS_OF) - 1 - b.due_on[at, b.whole[at]]
    paid = (b.part_penalty + b.part_interest + b.part_principal)[at]
    return {
        "contract_id": int8(b.ids[at]),
        "dpd": int4(dpd),
        "bucket": Column("int2", np.minimum((dpd + 29) // 30, 7)),
        "overdue": int8(b.unpaid[at] * b.amount[at] - paid),
    }


def measure(connection: psycopg.Connection, contracts: int, reps: int) -> Timing:
    """Run the floor `reps` times from the same state, each in one transaction, after a warm-up."""
    totals, steps = [], {name: list[float]() for name in (*STEPS, "commit")}
    late = 0
    for rep in range(reps + 1):
        _run(connection, "evening", {"contracts": contracts, "as_of": AS_OF})
        took = _one_night(connection)
        if rep:  # the first run only warms up
            totals.append(sum(took.values()))
            for name, seconds in took.items():
                steps[name].append(seconds)
        late = _count(connection, "floor.position")
        _run(connection, "morning", {})
    return Timing(contracts, late, tuple(totals), {k: tuple(v) for k, v in steps.items()})


def _one_night(connection: psycopg.Connection) -> dict[str, float]:
    took, began = {}, time.perf_counter()
    connection.execute("BEGIN")
    for name in STEPS:
        _run(connection, name, {"as_of": AS_OF})
        took[name] = time.perf_counter() - began
        began = time.perf_counter()
    connection.execute("COMMIT")
    return took | {"commit": time.perf_counter() - began}


def _run(connection: psycopg.Connection, name: str, params: Mapping[str, Any]) -> None:
    for statement in statements((SQL / f"floor_{name}.sql").read_text()):
        connection.execute(statement, params)


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def take(contracts: int, reps: int = 3, instalments: int = 36, seed: int = 42) -> Timing:
    """Build, measure, clean up."""
    server.create(DATABASE)
    try:
        with server.connect(DATABASE) as connection:
            connection.execute("SET work_mem = '512MB'")
            build(connection, contracts, instalments, seed)
            return measure(connection, contracts, reps)
    finally:
        server.drop(DATABASE)


def take_reference(program: Path, contracts: int, reps: int = 3) -> dict[str, Any]:
    """What the other floor reports of itself, on the same server."""
    server.create(DATABASE)
    try:
        command = [sys.executable, str(program), "--dsn", server.dsn(DATABASE), "--drop",
                   "--contracts", str(contracts), "--reps", str(reps)]  # fmt: skip
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        told: dict[str, Any] = json.loads(done.stdout)
        return told
    finally:
        server.drop(DATABASE)


def main() -> None:
    """Time the floor, and the reference beside it if there is one."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--contracts", type=int, default=100_000)
    ask.add_argument("--reps", type=int, default=3)
    ask.add_argument("--reference", type=Path, default=REFERENCE)
    told = ask.parse_args()
    with server.running():
        ours = take(told.contracts, told.reps)
        steps = ", ".join(f"{k} {statistics.median(v):.2f}" for k, v in ours.steps.items())
        print(f"floor      {ours.median:6.2f} s  ({min(ours.totals):.2f}-{max(ours.totals):.2f}; "
              f"{steps}; {ours.late:,} late)")  # fmt: skip
        if told.reference.exists():
            theirs = take_reference(told.reference, told.contracts, told.reps)
            print(f"reference  {theirs['seconds']['total']:6.2f} s  {theirs}")
            print(f"ratio      {ours.median / theirs['seconds']['total']:6.2f}")


if __name__ == "__main__":
    main()
