"""The worklist and the case page for one user: SQL queries each, and server time.

    python -m bench.pages [--contracts 1000000] [--requests 300]

Time is from sending a request to having the whole answer, on one connection, one request after
another, each for another collector or case: a little more than the server's own time.
"""

import argparse
import http.client
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import browser, cpu, next_case, night, server, web_server
from bench.figures import Figure, percentile, table

WARM_UP = 40
MOST_MS = 50
MOST_QUERIES = 10
COUNT = """
import json, os, sys, django
os.environ["RECOUP_DATABASE_ROLE"] = "web"
django.setup()
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client()
client.force_login(get_user_model().objects.get(id=int(sys.argv[1])))
counts = []
for path in sys.argv[2:]:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    counts.append(len(queries))
print(json.dumps(counts))
"""
SOME_CASES = """
SELECT collector_id, contract_id
  FROM (SELECT collector_id, contract_id,
               row_number() OVER (PARTITION BY collector_id ORDER BY rank) AS place
          FROM assignment_worklistitem
         WHERE as_of = (SELECT max(as_of) FROM assignment_worklistitem)) items
 WHERE place <= %s
 ORDER BY place, collector_id
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page: its SQL queries, milliseconds of each request, CPU per request."""

    name: str
    queries: int
    times_ms: tuple[float, ...]
    size_kb: float
    cpu_ms: float


def take(contracts: int, requests: int) -> list[Page]:
    """Measure both pages on a fresh copy of the morning."""
    copy = "bench_pages"
    server.create(copy, template=night.morning(contracts))
    try:
        with web_server.serving(copy) as web:
            browsers = browser.sign_in(copy, web.port, next_case.COLLECTORS)
            lists = [(b.cookies, "/") for b in browsers]
            cases = some_cases(copy, browsers, requests + WARM_UP)
            counted = _count_queries(copy, browsers[0].collector_id, ["/", cases[0][1]])
            return [
                _measure("Worklist", web, lists, requests, counted[0]),
                _measure("Case page", web, cases, requests, counted[1]),
            ]
    finally:
        server.drop(copy)


def some_cases(
    database: str, browsers: Sequence[browser.Browser], how_many: int
) -> list[tuple[str, str]]:
    """Each collector's first cases, with the collector's cookies."""
    cookies = {b.collector_id: b.cookies for b in browsers}
    each = 1 + how_many // len(cookies)
    with server.connect(database) as connection:
        rows = connection.execute(SOME_CASES, [each]).fetchall()
    return [(cookies[who], f"/contracts/{contract}/case") for who, contract in rows][:how_many]


def _count_queries(database: str, collector_id: int, paths: Sequence[str]) -> list[int]:
    printed = server.run_python(database, "-c", COUNT, str(collector_id), *paths)
    return [int(count) for count in json.loads(printed.splitlines()[-1])]


def _measure(
    name: str,
    web: web_server.Serving,
    visits: Sequence[tuple[str, str]],
    requests: int,
    queries: int,
) -> Page:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
    times, size, before = [], 0, _cpu(web)
    for at in range(requests + WARM_UP):
        cookies, path = visits[at % len(visits)]
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookies})
        answer = connection.getresponse()
        size += len(answer.read())
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path} answered {answer.status}")
    connection.close()
    cpu_ms = (_cpu(web) - before) * 1000 / len(times)
    return Page(name, queries, tuple(times[WARM_UP:]), size / len(times) / 1024, cpu_ms)


def _cpu(web: web_server.Serving) -> float:
    """CPU seconds so far of the web server and PostgreSQL."""
    return cpu.seconds(web.pid) + cpu.seconds(cpu.postmaster())


def figures(pages: Sequence[Page], contracts: int) -> list[Figure]:
    """The report's lines."""
    lines = []
    for page in pages:
        p95 = percentile(page.times_ms, 0.95)
        lines += [
            Figure(
                f"{page.name} at {contracts:,}: server time p95",
                f"{p95:.0f} ms",
                f"≤ {MOST_MS} ms",
                p95 <= MOST_MS,
                f"p50 {statistics.median(page.times_ms):.0f} ms, {len(page.times_ms)} requests, "
                f"{page.size_kb:.0f} KB, CPU {page.cpu_ms:.0f} ms each",
            ),
            Figure(
                f"– {page.name.lower()}: SQL queries",
                str(page.queries),
                f"≤ {MOST_QUERIES}",
                page.queries <= MOST_QUERIES,
            ),
        ]
    return lines


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--contracts", type=int, default=1_000_000)
    ask.add_argument("--requests", type=int, default=300)
    told = ask.parse_args()
    with server.running():
        print(table(figures(take(told.contracts, told.requests), told.contracts)))


if __name__ == "__main__":
    main()
