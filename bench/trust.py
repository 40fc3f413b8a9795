"""What row level security, encryption and audit cost: the product with and without them.

    python -m bench.trust [--contracts 1000000] [--requests 300] [--reps 3]

Both sides run in pairs, in turn, on the same server in the same run. *Without*: the owner's role,
whom policies do not bind, tables nobody watches, no record of who saw a page. Encryption is on
both sides: pages show masked columns and the night reads neither, so what it costs them is the
width of the rows, which no switch can take away.
"""

import argparse
import http.client
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from bench import browser, next_case, night, portfolio, server, web_server
from bench.figures import Figure, seconds, table
from bench.pages import some_cases
from bench.shape import AS_OF
from recoup.foundation.db import statements

PAGE_COSTS_PCT = 30
NIGHT_COSTS_PCT = 25
WARM_UP = 40
UNWATCHED = "bench.without_trust:application"
WATCHES = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'audit\\_watch\\_%'
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Times with and without, taken in turn, in seconds."""

    what: str
    with_it: tuple[float, ...]
    without: tuple[float, ...]
    bar_pct: int

    @property
    def pct(self) -> float:
        """By how much the median with it is above the median without, per cent."""
        return 100 * (statistics.median(self.with_it) / statistics.median(self.without) - 1)


def take_night(contracts: int, reps: int) -> Cost:
    """The night in pairs, each from the same copy of the same database."""
    base, copy = portfolio.ensure(contracts), f"bench_{contracts}_trust"
    times: dict[bool, list[float]] = {True: [], False: []}
    try:
        for _ in range(reps):
            for guarded in (True, False):
                times[guarded].append(_one_night(base, copy, guarded=guarded))
    finally:
        server.drop(copy)
    return Cost(
        f"The night at {contracts:,}", tuple(times[True]), tuple(times[False]), NIGHT_COSTS_PCT
    )


def _one_night(base: str, copy: str, *, guarded: bool) -> float:
    server.create(copy, template=base)
    with server.connect(copy) as connection:
        if not guarded:
            for relation, trigger in connection.execute(WATCHES).fetchall():
                drop = sql.SQL("DROP TRIGGER {} ON {}")
                connection.execute(drop.format(sql.Identifier(trigger), sql.Identifier(relation)))
        for statement in statements(night.WARM_UP.read_text()):
            connection.execute(statement, {"as_of": AS_OF})
    role = "worker" if guarded else "owner"
    printed = server.run_python(copy, "-m", "bench.one_night", role=role)
    return float(json.loads(printed.splitlines()[-1])["seconds"])


def take_page(contracts: int, requests: int) -> Cost:
    """The case page: each case from one server, then the other, in turn, on the same database."""
    copy = "bench_trust_page"
    server.create(copy, template=night.morning(contracts))
    times: dict[bool, list[float]] = {True: [], False: []}
    try:
        with web_server.serving(copy) as guarded, web_server.serving(copy, UNWATCHED) as bare:
            browsers = browser.sign_in(copy, guarded.port, next_case.COLLECTORS)
            visits = some_cases(copy, browsers, requests + WARM_UP)
            sides = [(True, guarded.port), (False, bare.port)]
            for at, (cookies, path) in enumerate(visits):
                _request(bare.port, path, cookies)  # its blocks are read, whoever comes first
                for is_guarded, port in sides if at % 2 else reversed(sides):
                    took = _request(port, path, cookies)
                    if at >= WARM_UP:
                        times[is_guarded].append(took)
    finally:
        server.drop(copy)
    return Cost("The case page", tuple(times[True]), tuple(times[False]), PAGE_COSTS_PCT)


def _request(port: int, path: str, cookies: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookies})
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - began
    connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status}")
    return took


def figures(costs: Sequence[Cost]) -> list[Figure]:
    """The report's lines."""
    return [
        Figure(
            f"{cost.what}: what row level security and audit add",
            f"{cost.pct:+.0f} %",
            f"≤ {cost.bar_pct} %",
            cost.pct <= cost.bar_pct,
            f"{seconds(cost.with_it)} with, {seconds(cost.without)} without",
        )
        for cost in costs
    ]


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--contracts", type=int, default=1_000_000)
    ask.add_argument("--requests", type=int, default=300)
    ask.add_argument("--reps", type=int, default=3)
    told = ask.parse_args()
    with server.running():
        costs = [take_page(told.contracts, told.requests), take_night(told.contracts, told.reps)]
        print(table(figures(costs)))


if __name__ == "__main__":
    main()
