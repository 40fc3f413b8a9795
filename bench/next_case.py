"""Taking the next case, over real HTTP, by 300 collectors at once on 50 connections.

    python -m bench.next_case [--contracts 1000000] [--seconds 20]

The server runs as in production; it, PostgreSQL and the load generator share the machine's cores.
Every answer must send its collector to a case nobody else was given, and every case given must be
on the timeline once.
"""

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import browser, cpu, load, night, server, web_server
from bench.figures import Figure, percentile, table

COLLECTORS = 300
CONNECTIONS = 50
LEAST_PER_SECOND = 400
WARM_UP_SECONDS = 3
LIST_IS_DONE = "/?done=1"
TAKEN = """
SELECT count(*), count(DISTINCT case_id), count(DISTINCT contract_id)
  FROM cases_timelineentry
 WHERE kind = 'CASE_TAKEN'
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A run: answers per second, how long each took, whether all is right, CPU per answer."""

    per_second: float
    answers: int
    p50_ms: float
    p95_ms: float
    cases_given: int
    on_timeline: tuple[int, int, int]
    cpu_ms: Mapping[str, float]

    @property
    def is_right(self) -> bool:
        """No case given twice, every given case on the timeline exactly once."""
        return self.on_timeline == (self.answers,) * 3 and self.cases_given == self.answers


def take(contracts: int, seconds: float) -> Taken:
    """One run on a fresh copy of the morning, after a short warm-up."""
    copy = "bench_next_case"
    server.create(copy, template=night.morning(contracts))
    try:
        with web_server.serving(copy) as web:
            lanes = _lanes(browser.sign_in(copy, web.port, COLLECTORS))
            warm = load.drive(web.port, lanes, WARM_UP_SECONDS)
            before = _cpu(web)
            answers = load.drive(web.port, lanes, seconds)
            spent = {name: used - before[name] for name, used in _cpu(web).items()}
        cpu_ms = {name: used * 1000 / len(answers) for name, used in spent.items()}
        return _check(copy, warm, answers, seconds, cpu_ms)
    finally:
        server.drop(copy)


def _cpu(web: web_server.Serving) -> dict[str, float]:
    """CPU seconds so far: web server, PostgreSQL, load generator."""
    return {
        "web": cpu.seconds(web.pid),
        "database": cpu.seconds(cpu.postmaster()),
        "load": time.process_time(),
    }


def _lanes(browsers: Sequence[browser.Browser]) -> list[list[load.Request]]:
    """Each connection is used by some collectors in turn, as by a proxy in front."""
    requests = [load.request("POST", "/next", b.cookies, b.form) for b in browsers]
    return [requests[lane::CONNECTIONS] for lane in range(CONNECTIONS)]


def _check(
    database: str,
    warm: Sequence[load.Answer],
    answers: Sequence[load.Answer],
    seconds: float,
    cpu_ms: Mapping[str, float],
) -> Taken:
    given = [_place(answer) for answer in [*warm, *answers]]
    if LIST_IS_DONE in given:
        raise SystemExit("The worklists ran out; measure for fewer --seconds or more --contracts.")
    with server.connect(database) as connection:
        on_timeline = connection.execute(TAKEN).fetchone()
    assert on_timeline is not None
    times = [answer.seconds * 1000 for answer in answers]
    return Taken(
        per_second=len(answers) / seconds,
        answers=len(given),
        p50_ms=statistics.median(times),
        p95_ms=percentile(times, 0.95),
        cases_given=len(set(given)),
        on_timeline=(on_timeline[0], on_timeline[1], on_timeline[2]),
        cpu_ms=cpu_ms,
    )


def _place(answer: load.Answer) -> str:
    """Where the answer sends its collector: to a case, or back to a list that is done."""
    if answer.status != 302 or not answer.location.endswith(("/case", LIST_IS_DONE)):
        raise RuntimeError(f"an answer gave no case: {answer}")
    return answer.location


def figures(runs: Sequence[Taken], contracts: int) -> list[Figure]:
    """The report's lines."""
    rates = [run.per_second for run in runs]
    middle = statistics.median(rates)
    p95 = statistics.median(run.p95_ms for run in runs)
    return [
        Figure(
            f"Next case at {contracts:,}: {CONNECTIONS} connections, {COLLECTORS} collectors",
            f"{middle:.0f} requests/s ({min(rates):.0f}–{max(rates):.0f})",
            f"≥ {LEAST_PER_SECOND} requests/s",
            middle >= LEAST_PER_SECOND,
            f"p50 {statistics.median(run.p50_ms for run in runs):.0f} ms, p95 {p95:.0f} ms; "
            f"CPU per request: {_shared_out(runs[0].cpu_ms)}",
        ),
        Figure(
            "– no case twice, each on the timeline once",
            f"{sum(run.answers for run in runs):,} cases given",
            "none twice",
            all(run.is_right for run in runs),
        ),
    ]


def _shared_out(cpu_ms: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {used:.1f} ms" for name, used in cpu_ms.items())


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--contracts", type=int, default=1_000_000)
    ask.add_argument("--seconds", type=float, default=20)
    ask.add_argument("--reps", type=int, default=3)
    told = ask.parse_args()
    with server.running():
        runs = [take(told.contracts, told.seconds) for _ in range(told.reps)]
        print(table(figures(runs, told.contracts)))
        for run in runs:
            print(run)


if __name__ == "__main__":
    main()
