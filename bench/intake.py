"""A million rows taken in: `python -m bench.intake [rows]`, on a database of its own.

Prints the machine and, per kind and format, rows per second and peak memory; median of three.
Each run is a process of its own, so that its memory is its own.
"""

import argparse
import csv
import json
import os
import platform
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from bench import server

SEED = 20261122
EMPTY, CONTRACTS_IN, WORK = "intake_empty", "intake_contracts", "intake_work"
FILES = Path("/var/tmp/recoup-bench-intake")  # noqa: S108 - too large for memory
CONTRACTS = ("contract_number", "borrower_ref", "borrower_name", "product", "principal")
CONTRACTS += ("annual_rate", "term_months", "signed_on", "first_due_on", "region")
PAYMENTS = ("contract_number", "paid_on", "amount", "channel", "reference")
CHANNELS = ("TRANSFER", "AUTO_DEBIT", "ONLINE")
ONE_RUN = """
import json, os, resource, sys, time, django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.db import connection
from recoup.foundation.access.context import as_system
from recoup.modules.intake import services
from recoup.modules.intake.rules import RowKind
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    backend = cursor.fetchone()[0]
    cursor.execute("INSERT INTO parties_lender (code, name, currency) VALUES (%s, 'Bench', 'CNY')"
                   " ON CONFLICT DO NOTHING", [sys.argv[3]])
started = time.perf_counter()
with as_system("bench"):
    batch = services.take_in(path=Path(sys.argv[1]), lender_code=sys.argv[3],
                             kind=RowKind(sys.argv[2]), actor_id=None,
                             at=datetime(2026, 11, 22, tzinfo=UTC))
took = time.perf_counter() - started
with open(f"/proc/{backend}/stat") as stat:
    ticks = sum(map(int, stat.read().rpartition(")")[2].split()[11:13]))
usage = resource.getrusage(resource.RUSAGE_SELF)
cpu = usage.ru_utime + usage.ru_stime + ticks / os.sysconf("SC_CLK_TCK")
# Not ru_maxrss, which a process inherits from the one that started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([took, cpu, batch.rows_total, batch.rows_good, int(peak.split()[1]) / 1024]))
"""


def contracts(rows: int) -> Iterator[tuple[object, ...]]:
    """Contracts as a lender would send them, each with a borrower of its own."""
    dice = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    for number in range(rows):
        signed = date(2022, 1, 1) + timedelta(days=dice.randrange(1400))
        yield (
            f"HT{number:09}",
            f"KH{number:09}",
            f"合成客户{number}",
            dice.choice(("新车贷", "二手车贷", "商用车融资租赁")),
            f"{dice.randrange(30_000, 400_000)}.{dice.randrange(100):02}",
            dice.choice(("4.98", "6.5", "8.4", "10.8")),
            dice.choice((12, 24, 36, 48)),
            signed.isoformat(),
            (signed + timedelta(days=30)).isoformat(),
            dice.choice(("浙江", "江苏", "广东", "四川", "河南")),
        )


def payments(rows: int) -> Iterator[tuple[object, ...]]:
    """Payments of those contracts, each with the bank's reference."""
    dice = random.Random(SEED + 1)  # noqa: S311
    for number in range(rows):
        paid = date(2026, 1, 1) + timedelta(days=dice.randrange(300))
        yield (
            f"HT{dice.randrange(rows):09}",
            paid.isoformat(),
            f"{dice.randrange(500, 12_000)}.{dice.randrange(100):02}",
            dice.choice(CHANNELS),
            f"BK{paid:%Y%m%d}{number:09}",
        )


def write_csv(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    """A CSV file as a lender would send it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)


def write_xlsx(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    """The same as a workbook."""
    import xlsxwriter  # noqa: PLC0415 - only this format needs it

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for index, row in enumerate((header, *rows)):
            sheet.write_row(index, 0, row)


def write_parquet(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    """The same as Parquet, every column as text."""
    import pyarrow as pa  # noqa: PLC0415 - only this format needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pa.schema([(name, pa.string()) for name in header])
    with pq.ParquetWriter(path, schema) as out:
        while portion := list(islice(rows, 100_000)):
            columns = [[str(value) for value in column] for column in zip(*portion, strict=True)]
            out.write_table(pa.table(dict(zip(header, columns, strict=True)), schema=schema))


WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}


@dataclass(frozen=True, slots=True)
class Figure:
    """One intake: seconds by the clock and of CPU, rows that went in, the process's peak memory.

    CPU is that of Python and of its database session; a busy machine changes it little.
    """

    seconds: float
    cpu_seconds: float
    rows_good: int
    peak_mb: float


def run_once(path: Path, kind: str, template: str) -> Figure:
    """One intake into a fresh copy of a database, in a process of its own."""
    server.create(WORK, template)
    printed = server.run_python(WORK, "-c", ONE_RUN, str(path), kind, "BENCH")
    seconds, cpu, total, good, megabytes = json.loads(printed.splitlines()[-1])
    if total != good:
        raise RuntimeError(f"{total - good} of {total} rows did not go in")
    return Figure(seconds, cpu, good, megabytes)


def measure(name: str, path: Path, kind: str, template: str, times: int) -> None:
    """The median of several intakes as a line of the table."""
    figures = [run_once(path, kind, template) for _ in range(times)]
    seconds = statistics.median(figure.seconds for figure in figures)
    spread = max(f.seconds for f in figures) - min(f.seconds for f in figures)
    cpu = statistics.median(figure.cpu_seconds for figure in figures)
    peak = max(figure.peak_mb for figure in figures)
    rows = figures[0].rows_good
    size = path.stat().st_size / 1e6
    print(
        f"| {name} | {rows:,} | {size:,.0f} | {seconds:.1f} ± {spread / 2:.1f} | {cpu:.1f} "
        f"| {rows / seconds:,.0f} | {peak:,.0f} |",
        flush=True,
    )


def made(name: str, suffix: str, rows: int) -> Path:
    """The generated file, written once."""
    path = FILES / f"{name}-{rows}.{suffix}"
    if not path.exists():
        header, generate = TABLES[name]
        half = path.with_suffix(f".half.{suffix}")
        WRITERS[suffix](half, header, generate(rows))
        half.rename(path)
    return path


TABLES = {"contracts": (CONTRACTS, contracts), "payments": (PAYMENTS, payments)}


def main() -> None:
    """Measure contracts into an empty database, then payments upon those contracts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--formats", default="csv,xlsx,parquet")
    chosen = parser.parse_args()
    FILES.mkdir(parents=True, exist_ok=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| file | rows | MB | seconds | CPU s | rows/s | peak MB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with server.running():
        server.migrate(EMPTY)
        try:
            for suffix in chosen.formats.split(","):
                path = made("contracts", suffix, chosen.rows)
                measure(f"contracts, {suffix}", path, "contracts", EMPTY, chosen.times)
            server.create(CONTRACTS_IN, WORK)
            for suffix in chosen.formats.split(","):
                path = made("payments", suffix, chosen.rows)
                measure(f"payments, {suffix}", path, "payments", CONTRACTS_IN, chosen.times)
        finally:
            for name in (WORK, CONTRACTS_IN, EMPTY):
                server.drop(name)


if __name__ == "__main__":
    main()
