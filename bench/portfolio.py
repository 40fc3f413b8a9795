"""A seeded synthetic portfolio, loaded straight into a migrated product database.

    python -m bench.portfolio --database NAME [--contracts N] [--instalments 36] [--seed 42]

Contracts with their parties, vehicles, accounts and instalments as of the evening before
2026-06-15, cases and worklists of that evening, and the day's payments, not yet posted. A block of
50,000 contracts at a time, so that memory does not grow with the portfolio.
"""

import argparse
import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psycopg
from psycopg import sql

from bench import people, server, tables
from bench.binary_copy import copy_in
from bench.shape import AS_OF, BLOCK, Block, block, days
from recoup.foundation.db import statements

SQL = Path(__file__).parent / "sql"
COLLECTORS = 300
TEAMS = 30
YESTERDAY = AS_OF - timedelta(days=1)
LOADED = (
    "parties_lender", "parties_party", "parties_contactpoint", "contracts_contract",
    "vehicles_vehicle", "ledger_account", "ledger_due", "ledger_payment", "ledger_entry",
    "arrears_snapshot", "cases_case", "cases_timelineentry", "strategy_decision",
    "assignment_worklistitem", "comms_call", "plans_promise", "workforce_team", "workforce_user",
    "foundation_jobrun",
)  # fmt: skip
INDEXES = """
SELECT c.relname, pg_get_indexdef(c.oid)
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = %s::regclass
   AND NOT i.indisunique
"""
SEQUENCES = """
SELECT format('SELECT setval(%%L, coalesce(max(%%I), 0) + 1, false) FROM %%I',
              pg_get_serial_sequence(table_name, column_name), column_name, table_name)
  FROM information_schema.columns
 WHERE table_schema = 'public'
   AND table_name = ANY(%s)
   AND is_identity = 'YES'
"""


def load(connection: psycopg.Connection, contracts: int, instalments: int, seed: int) -> None:
    """Fill an empty product database and leave it as after a quiet night."""
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute("SET synchronous_commit = off")
    fill(connection, contracts, instalments, seed)
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


def fill(connection: psycopg.Connection, contracts: int, instalments: int, seed: int) -> None:
    """Fill the product's tables; foreign keys hold by construction and are not checked by row."""
    connection.execute("SET session_replication_role = replica")
    indexes = _drop_secondary_indexes(connection)
    _run(connection, "people.sql")
    keys = people.keys(connection, range(1, tables.LENDERS + 1))
    next_payment = 1
    for low in range(0, contracts, BLOCK):
        made = block(seed, low, min(contracts, low + BLOCK), instalments)
        next_payment = _load_block(connection, made, keys, next_payment)
    for definition in indexes:
        connection.execute(definition)
    connection.execute("ANALYZE arrears_snapshot")
    _run(connection, "cases.sql")
    _run(connection, "work.sql")
    _set_sequences(connection)
    connection.execute("SET session_replication_role = DEFAULT")


def _load_block(
    connection: psycopg.Connection, b: Block, keys: tables.Keys, next_payment: int
) -> int:
    """Load one block; return the number the next payment gets."""
    part_ids = next_payment + np.arange(len(b.parted))
    first_new = next_payment + len(part_ids)
    copy_in(connection, "parties_party", tables.parties(b, keys))
    copy_in(connection, "parties_contactpoint", tables.contact_points(b, keys))
    copy_in(connection, "contracts_contract", tables.contracts(b))
    copy_in(connection, "vehicles_vehicle", tables.vehicles(b, keys))
    copy_in(connection, "ledger_account", tables.accounts(b, part_ids))
    copy_in(connection, "ledger_due", tables.dues(b))
    copy_in(connection, "ledger_payment", tables.part_payments(b, part_ids))
    copy_in(connection, "ledger_entry", tables.entries(b, part_ids))
    copy_in(connection, "arrears_snapshot", tables.snapshots(b, days(YESTERDAY)))
    return first_new + copy_in(connection, "ledger_payment", tables.new_payments(b, first_new))


def _run(connection: psycopg.Connection, file: str) -> None:
    params = {
        "at": datetime(YESTERDAY.year, YESTERDAY.month, YESTERDAY.day, 18, tzinfo=UTC),
        "yesterday": YESTERDAY,
        "collectors": COLLECTORS,
        "teams": TEAMS,
        "lenders": tables.LENDERS,
    }
    for statement in statements((SQL / file).read_text()):
        connection.execute(statement, params)


def _drop_secondary_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop the indexes that guard nothing; return the statements that make them again."""
    definitions = []
    for table in LOADED:
        for name, definition in connection.execute(INDEXES, [table]).fetchall():
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
            definitions.append(definition)
    return definitions


def _set_sequences(connection: psycopg.Connection) -> None:
    for (statement,) in connection.execute(SEQUENCES, [list(LOADED)]).fetchall():
        connection.execute(statement)


def name(contracts: int, instalments: int = 36, seed: int = 42) -> str:
    """The name of the database that holds such a portfolio, made by today's code."""
    return f"bench_{contracts}_{instalments}_{seed}_{_made_by()}"


def ensure(contracts: int, instalments: int = 36, seed: int = 42) -> str:
    """A database with such a portfolio; one that is there is used, one of older code is dropped."""
    wanted = name(contracts, instalments, seed)
    if not server.exists(wanted):
        server.drop_like(f"bench_{contracts}_%")
        half = wanted + "_new"
        server.migrate(half)
        server.run_python(
            half, "-m", "bench.portfolio", "--database", half, "--contracts", str(contracts),
            "--instalments", str(instalments), "--seed", str(seed),
        )  # fmt: skip
        with server.connect("postgres") as connection:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(half), sql.Identifier(wanted)))
    return wanted


def _made_by() -> str:
    """A mark of the migrations and of this generator: when they change, so does the portfolio."""
    here = Path(__file__).parent
    ours = (
        "portfolio.py",
        "shape.py",
        "tables.py",
        "sql/people.sql",
        "sql/cases.sql",
        "sql/work.sql",
    )
    files = [*server.ROOT.glob("recoup/**/migrations/*.py"), *(here / name for name in ours)]
    mark = hashlib.sha256()
    for file in sorted(files):
        mark.update(file.read_bytes())
    return mark.hexdigest()[:8]


def main() -> None:
    """Fill the database named on the command line."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--database", required=True)
    ask.add_argument("--contracts", type=int, default=100_000)
    ask.add_argument("--instalments", type=int, default=36)
    ask.add_argument("--seed", type=int, default=42)
    told = ask.parse_args()
    began = time.perf_counter()
    with server.running(), server.connect(told.database) as connection:
        load(connection, told.contracts, told.instalments, told.seed)
    print(f"{told.contracts:,} contracts in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
