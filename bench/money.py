"""How fast money is posted, derived anew and asked for.

    python -m bench.money [rederive …] [--reps 3]

Each part prints its figure beside its bar: median and spread.
"""

import argparse
import json
import statistics
from collections.abc import Callable

from bench import server
from bench.figures import Figure, seconds, table

DATABASE = "bench_money"


def rederive(reps: int) -> Figure:
    """A late payment on a loan of 5,000 entries: derived anew and committed (≤ 1 s)."""
    server.migrate(DATABASE)
    try:
        printed = server.run_python(
            DATABASE, "-m", "bench.one_rederive", "--reps", str(reps), role="worker"
        )
    finally:
        server.drop(DATABASE)
    runs = json.loads(printed.splitlines()[-1])
    took = [run["seconds"] for run in runs]
    entries = min(run["entries"] for run in runs)
    return Figure(
        "A loan derived anew",
        seconds(took),
        "≤ 1 s",
        statistics.median(took) <= 1,
        f"{entries:,} entries before, a payment valued before all others",
    )


PARTS: dict[str, Callable[[int], Figure]] = {"rederive": rederive}


def main() -> None:
    """Measure the parts asked for, by default all, and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    ask.add_argument("--reps", type=int, default=3)
    told = ask.parse_args()
    with server.running():
        print(table([PARTS[part](told.reps) for part in told.parts or PARTS]))


if __name__ == "__main__":
    main()
