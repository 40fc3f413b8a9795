"""One night in a process of its own: python -m bench.one_night; prints what it took as JSON.

A process of its own, so that its peak memory is the night's alone.
"""

import json
import time
from pathlib import Path

import django

from bench.shape import AS_OF


def peak_mb() -> float:
    """The most memory this process ever held, in MB."""
    status = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Run the night of the portfolio's business day."""
    django.setup()
    from recoup.foundation.journal import StepDone  # noqa: PLC0415 - after django.setup()
    from recoup.interfaces.worker.night import run_night  # noqa: PLC0415

    steps: list[StepDone] = []
    began = time.perf_counter()
    finished = run_night(as_of=AS_OF, tell=steps.append)
    took = time.perf_counter() - began
    assert finished, "the night of this day had been run before"
    told = {
        "seconds": took,
        "peak_mb": peak_mb(),
        "steps": {step.name: step.seconds for step in steps},
        "rows": {step.name: step.rows for step in steps},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
