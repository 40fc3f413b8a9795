"""Verification of the watched tables: what they hold is what the record says was put there.

A table's digest must be that of the beginning of its watch plus every change since. Where it is
not, the statements and rows that differ are looked for and named.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from recoup.foundation import db
from recoup.foundation.audit.digests import STILL, Digest, digest_of, digest_sql, sums_sql
from recoup.foundation.audit.faults import Finding
from recoup.foundation.audit.watched import BY_TABLE
from recoup.foundation.audit.watching import TRIGGERS

MOST_NAMED = 20  # rows named of one table; then it is said that it differs, no more
OUR_SQL = sorted((Path(__file__).parent / "migrations" / "sql").glob("*.sql"))

WATCHES = """
SELECT at, act, subject, facts::text AS facts FROM audit_event
 WHERE act IN ('WATCHED', 'UNWATCHED') ORDER BY at
"""
CHANGES = """
SELECT coalesce(sum((facts ->> 'rows')::bigint), 0)::bigint AS rows,
       ARRAY[coalesce(sum((facts -> 'sums' ->> 0)::numeric), 0),
             coalesce(sum((facts -> 'sums' ->> 1)::numeric), 0),
             coalesce(sum((facts -> 'sums' ->> 2)::numeric), 0),
             coalesce(sum((facts -> 'sums' ->> 3)::numeric), 0)] AS sums
  FROM audit_event
 WHERE subject = %(table)s AND act = 'CHANGED' AND at > %(since)s AND at < %(until)s
"""
TRIGGERS_THERE = """
SELECT c.relname AS table, array_agg(t.tgname::text) AS names
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
   AND c.relnamespace = 'public'::regnamespace
 GROUP BY c.relname
"""
TABLES = """
SELECT relname::text AS name FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
BODIES = r"""
SELECT proname AS name, prosrc AS body FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'audit\_%%'
"""
BY_HAND = """
SELECT db_role AS role, count(*) AS count, max(at) AS last FROM audit_event
 WHERE act = 'CHANGED' AND db_role NOT IN ('recoup_web', 'recoup_worker') AND system = ''
   AND actor_id IS NULL
 GROUP BY db_role ORDER BY db_role
"""
INSERTED = """
SELECT chain, number, facts::text AS facts FROM audit_event
 WHERE subject = %(table)s AND act = 'CHANGED' AND facts ->> 'op' = 'INSERT' AND at > %(since)s
 ORDER BY at
"""
LATEST_IMAGES = """
SELECT DISTINCT ON (image ->> 'id') chain, number, image ->> 'id' AS id,
       (image -> 'after')::text AS after
  FROM audit_event e, jsonb_array_elements(e.facts -> 'images') AS image
 WHERE e.subject = %(table)s AND e.act = 'CHANGED' AND e.at > %(since)s
   AND NOT EXISTS (SELECT FROM audit_event large
                    WHERE large.subject = e.subject AND large.act = 'CHANGED' AND large.at > e.at
                      AND NOT large.facts ? 'images')
 ORDER BY image ->> 'id', e.at DESC
"""

FORMER = f"""
SELECT change, count(*) AS rows, {sums_sql("encode(hash, 'hex')")} AS sums,
       bool_and(is_forgotten OR sha256(convert_to(row::text, 'UTF8')) = hash) AS is_whole
  FROM audit_former GROUP BY change
"""  # noqa: S608 - our own names
KEPT_BY_EVENTS = """
SELECT chain, number, subject AS table, (facts -> 'former')::text AS former FROM audit_event
 WHERE act = 'CHANGED' AND facts ? 'former' ORDER BY at
"""
BLANKED = f"""
SELECT count(*) AS rows, {sums_sql("encode(hash, 'hex')")} AS sums
  FROM audit_former WHERE is_forgotten
"""  # noqa: S608 - our own names
FORGOTTEN = """
SELECT coalesce(sum((facts ->> 'changed')::bigint), 0)::bigint AS rows,
       ARRAY[coalesce(sum((facts -> 'sums' ->> 0)::numeric), 0),
             coalesce(sum((facts -> 'sums' ->> 1)::numeric), 0),
             coalesce(sum((facts -> 'sums' ->> 2)::numeric), 0),
             coalesce(sum((facts -> 'sums' ->> 3)::numeric), 0)] AS sums
  FROM audit_event WHERE subject = 'audit_former' AND act = 'CHANGED'
"""

Tell = Callable[[str, int, int], None]
FOREVER = "infinity"


@dataclass(frozen=True, slots=True)
class Watch:
    """A stretch in which a table was watched; `ended` is None while it still is."""

    table: str
    began_at: datetime
    columns: tuple[str, ...]
    key: str
    left_out: tuple[str, ...]
    body: str
    at_first: Digest
    ended_at: datetime | None = None
    at_last: Digest | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What verification of the tables looked at and found."""

    tables: int
    rows: int
    findings: tuple[Finding, ...]


def verify(tell: Tell) -> Looked:
    """All watched tables, the triggers on them and the functions of the record."""
    with connection.cursor() as cursor:
        for name, value in STILL.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    found, rows = list[Finding](), 0
    watches = _watches()
    running = {w.table: w for w in watches if w.ended_at is None}
    for watch in watches:
        found += _ended(watch, running)
    for done, watch in enumerate(running.values()):
        tell(watch.table, done, len(running))
        actual = _actual(watch)
        rows += actual.rows
        found += _differences(watch, actual)
    found += _former()
    found += _in_place(running)
    found += _by_hand()
    return Looked(len(running), rows, tuple(found))


def _watches() -> list[Watch]:
    """Every watch of every table, as the record tells it, in order."""
    open_: dict[str, Watch] = {}
    closed = list[Watch]()
    for row in db.ask(WATCHES):
        facts, table = json.loads(row["facts"]), row["subject"]
        if row["act"] == "WATCHED":
            open_[table] = _begun(table, row["at"], facts)
        elif table in open_:
            at_last = digest_of(facts) if "sums" in facts else None
            closed.append(replace(open_.pop(table), ended_at=row["at"], at_last=at_last))
    return [*closed, *open_.values()]


def _begun(table: str, at: datetime, facts: dict[str, Any]) -> Watch:
    return Watch(
        table=table,
        began_at=at,
        columns=tuple(facts["columns"]),
        key=facts["key"],
        left_out=tuple(facts["left_out"]),
        body=facts["body"],
        at_first=digest_of(facts),
    )


def _ended(watch: Watch, running: dict[str, Watch]) -> Iterator[Finding]:
    """A watch that ended for a migration: what it saw last, and whether it was taken up again."""
    if watch.ended_at is None:
        return
    at = f"{watch.ended_at:%Y-%m-%d %H:%M}"
    if watch.at_last is not None and watch.at_last != _expected(watch):
        yield Finding("changed_unwatched", {"table": watch.table, "at": at})
    if watch.table in running:
        yield Finding("migrated", {"table": watch.table, "at": at})


def _expected(watch: Watch) -> Digest:
    """The digest at the watch's beginning plus every change said since."""
    until = watch.ended_at.isoformat() if watch.ended_at else FOREVER
    params = {"table": watch.table, "since": watch.began_at, "until": until}
    return watch.at_first.plus(digest_of(db.ask(CHANGES, params)[0]))


def _actual(watch: Watch, where: str = "true", params: tuple[Any, ...] = ()) -> Digest:
    return digest_of(db.ask(digest_sql(watch.table, watch.columns, where), params or ())[0])


def _differences(watch: Watch, actual: Digest) -> Iterator[Finding]:
    expected = _expected(watch)
    if actual == expected:
        return
    yield Finding(
        "table_differs", {"table": watch.table, "rows": actual.rows, "expected": expected.rows}
    )
    declared = BY_TABLE.get(watch.table)
    appended = declared is not None and declared.append_only
    named = _statements_that_differ(watch) if appended else _rows_that_differ(watch)
    for count, finding in enumerate(named):
        if count == MOST_NAMED:
            return
        yield finding


def _statements_that_differ(watch: Watch) -> Iterator[Finding]:
    """Rows of an append-only table, statement by statement that wrote them."""
    for event in db.ask(INSERTED, {"table": watch.table, "since": watch.began_at}):
        facts = json.loads(event["facts"])
        ranges = facts.get("ids") or [
            [image["id"], image["id"]] for image in facts.get("images", ())
        ]
        if not ranges:
            continue
        within = " OR ".join(f't."{watch.key}" BETWEEN %s AND %s' for _ in ranges)
        bounds = tuple(bound for range_ in ranges for bound in range_)
        if _actual(watch, within, bounds) != digest_of(facts):
            place = {"chain": event["chain"], "number": event["number"], "table": watch.table}
            ids = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in ranges[:MOST_NAMED])
            yield Finding("rows_differ", place | {"ids": ids})


def _rows_that_differ(watch: Watch) -> Iterator[Finding]:
    """Rows whose last recorded image is not what the table holds now."""
    now = f"""
        SELECT t."{watch.key}"::text AS id, (to_jsonb(t) - %s::text[])::text AS row
          FROM {watch.table} AS t WHERE t."{watch.key}"::text = ANY (%s)
    """  # noqa: S608 - our own names
    images = db.ask(LATEST_IMAGES, {"table": watch.table, "since": watch.began_at})
    ids = [image["id"] for image in images]
    rows = {r["id"]: r["row"] for r in db.ask(now, [list(watch.left_out), ids])}
    for image in images:
        if rows.get(image["id"]) != image["after"]:
            place = {"chain": image["chain"], "number": image["number"]}
            yield Finding("row_differs", place | {"table": watch.table, "id": image["id"]})


def _former() -> Iterator[Finding]:
    """What rows were is what the events put there, but for what was forgotten by an event."""
    there = {row["change"]: row for row in db.ask(FORMER)}
    for event in db.ask(KEPT_BY_EVENTS):
        said = json.loads(event["former"])
        found = there.pop(said["change"], None)
        if found is None or not found["is_whole"] or digest_of(found) != digest_of(said):
            yield Finding("former_differs", {k: event[k] for k in ("table", "chain", "number")})
    if there:
        count = sum(row["rows"] for row in there.values())
        yield Finding("former_unknown", {"count": count})
    if digest_of(db.ask(BLANKED)[0]) != digest_of(db.ask(FORGOTTEN)[0]):
        yield Finding("former_blanked")


def _in_place(running: dict[str, Watch]) -> Iterator[Finding]:
    """The triggers that watch and guard, and the functions behind them."""
    there = {row["table"]: set(row["names"]) for row in db.ask(TRIGGERS_THERE)}
    bodies = {row["name"]: row["body"] for row in db.ask(BODIES)}
    tables = {row["name"] for row in db.ask(TABLES)}
    wanted = {f"audit_watch_{name}" for name in TRIGGERS}
    for table in sorted(tables & set(BY_TABLE)):
        if table not in running or not wanted <= there.get(table, set()):
            yield Finding("not_watched", {"table": table})
        elif _sha256(bodies.get(f"audit_watch_{table}", "")) != running[table].body:
            yield Finding("watch_changed", {"table": table})
    for table in ("audit_event", "audit_anchor"):
        if f"{table}_append_only" not in there.get(table, set()):
            yield Finding("guard_missing", {"table": table})
    yield from _own_functions(bodies)


def _own_functions(bodies: dict[str, str]) -> Iterator[Finding]:
    ours = "".join(file.read_text() for file in OUR_SQL)
    for name in (
        "audit_append",
        "audit_born_since",
        "audit_forget",
        "audit_lender_of",
        "audit_of_contract",
        "audit_record",
        "audit_refuse",
    ):
        if not bodies.get(name) or bodies[name] not in ours:
            yield Finding("function_changed", {"name": name})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _by_hand() -> Iterator[Finding]:
    for row in db.ask(BY_HAND):
        params = {"count": row["count"], "role": row["role"], "at": f"{row['last']:%Y-%m-%d %H:%M}"}
        yield Finding("by_hand", params)
