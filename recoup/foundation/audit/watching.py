"""Triggers on the declared tables: put in place after every migration, taken away before one.

Beginning and end of each watch are events with the table's digest, so that nothing changed while
nobody watched stays unseen but what the migration itself did, and that is said.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from recoup.foundation.audit.digests import STILL, digest_sql, row_text, sums_sql
from recoup.foundation.audit.watched import WATCHED, Kept, Watched

TEMPLATE = Path(__file__).parent / "sql" / "watch.sql"
MOST_IMAGES = 50
MOST_RANGES = 1000
WATCHING = 0x5EC2  # the advisory lock under which one process does this and others wait
NUMBERS = {"bigint", "integer", "smallint"}
TRIGGERS = ("insert", "update", "delete", "truncate")

COLUMNS = """
SELECT attname, atttypid::regtype::text FROM pg_attribute
 WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
LAST = """
SELECT act, facts::text FROM audit_event
 WHERE subject = %s AND act IN ('WATCHED', 'UNWATCHED') ORDER BY at DESC LIMIT 1
"""
IN_PLACE = """
SELECT count(*) FROM pg_trigger
 WHERE tgrelid = to_regclass(%s) AND tgname LIKE 'audit\\_watch\\_%%' AND tgenabled = 'O'
"""
BODY = "SELECT prosrc FROM pg_proc WHERE oid = to_regproc(%s)"
APPEND = "SELECT audit_append(%s, %s, NULL, NULL, NULL, %s, NULL, 'migrate')"


def watch(declared: Iterable[Watched] = WATCHED) -> list[str]:
    """Watch every declared table there is, as it is now; the tables that were not so watched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WATCHING])
        _hold_still(cursor)
        return [watched.table for watched in declared if _watch(cursor, watched)]


def rest(declared: Iterable[Watched] = WATCHED) -> list[str]:
    """Stop watching, before a migration changes the tables; those that were watched."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not _ask(cursor, "SELECT to_regclass('audit_event') IS NOT NULL")[0][0]:
            return []
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WATCHING])
        _hold_still(cursor)
        return [watched.table for watched in declared if _rest(cursor, watched.table)]


def statements(watched: Watched, types: dict[str, str]) -> str:
    """The SQL that watches these columns (with their types) of a table."""
    columns = list(types)
    left_out = "{" + ",".join(left_out_of_images(watched, types)) + "}"
    is_number = types[watched.key] in NUMBERS
    return TEMPLATE.read_text().format(
        table=watched.table,
        key=watched.key,
        most_images=MOST_IMAGES,
        digest_new=digest_sql("new_rows", columns),
        digest_old=digest_sql("old_rows", columns),
        digest_table=digest_sql(watched.table, columns),
        row_n=row_text(columns, "n"),
        row_o=row_text(columns, "o"),
        row_t=row_text(columns, "t"),
        image=f"(to_jsonb(t) - '{left_out}'::text[])",
        image_o=f"(to_jsonb(o) - '{left_out}'::text[])",
        contracts=f"array_agg(DISTINCT {watched.contract})" if watched.contract else "NULL",
        lender=_one_of(watched.lender) if watched.lender else "NULL",
        ids_new=_ids("new_rows", watched.key) if is_number else "NULL;",
        ids_old=_ids("old_rows", watched.key) if is_number else "NULL;",
        keep_former=_keep_former(watched, watched.kept) if watched.kept else "",
    )


def left_out_of_images(watched: Watched, types: dict[str, str]) -> list[str]:
    """Columns no image shows: secret, derived, and all that hold bytes."""
    sealed = [column for column, kind in types.items() if kind == "bytea"]
    return [*watched.secret, *watched.derived, *sealed]


def _one_of(expression: str) -> str:
    return f"CASE WHEN min({expression}) = max({expression}) THEN min({expression}) END"


def _ids(source: str, key: str) -> str:
    """PL/pgSQL that says which ids a large statement touched: one range, or a number of them."""
    return f"""
            SELECT CASE WHEN max(t."{key}") - min(t."{key}") + 1 = count(*)
                        THEN jsonb_build_array(jsonb_build_array(min(t."{key}"), max(t."{key}")))
                   END
              INTO ids FROM {source} AS t;
            IF ids IS NULL THEN
                SELECT CASE WHEN count(*) <= {MOST_RANGES}
                            THEN jsonb_agg(jsonb_build_array(lower(r), upper(r) - 1)) END
                  INTO ids
                  FROM (SELECT unnest(range_agg(int8range(t."{key}", t."{key}", '[]'))) AS r
                          FROM {source} AS t) AS ranges;
            END IF;"""  # noqa: S608 - our own names


def _keep_former(watched: Watched, kept: Kept) -> str:
    """PL/pgSQL that keeps what rows were, where one of the kept columns is another now."""
    both = f'old_rows AS t LEFT JOIN new_rows AS n ON n."{watched.key}" = t."{watched.key}"'
    old, new = row_text(kept.columns, "t"), row_text(kept.columns, "n")
    return f"""
    IF TG_OP <> 'INSERT' THEN
        former_change := nextval('audit_change');
        IF TG_OP = 'UPDATE' THEN
            {_put_former(watched, kept, f"{both} WHERE {old} IS DISTINCT FROM {new}")}
        ELSIF TG_OP = 'DELETE' THEN
            {_put_former(watched, kept, "old_rows AS t")}
        ELSE
            {_put_former(watched, kept, f"{watched.table} AS t")}
        END IF;
        IF (former ->> 'rows')::bigint = 0 THEN
            former := NULL;
        END IF;
    END IF;"""


def _put_former(watched: Watched, kept: Kept, source: str) -> str:
    image = ", ".join(f"""'{column}', t."{column}\"""" for column in kept.columns)
    return f"""WITH gone AS (
                SELECT t."{watched.key}" AS id, t."{kept.owner}" AS owner, {kept.lender} AS whose,
                       jsonb_build_object('salt', gen_random_uuid(), {image}) AS image
                  FROM {source}
            ), put AS (
                INSERT INTO audit_former (subject, subject_id, owner_id, lender_id, until, change,
                                          row, hash)
                SELECT '{watched.table}', gone.id, gone.owner, gone.whose, clock_timestamp(),
                       former_change, gone.image, sha256(convert_to(gone.image::text, 'UTF8'))
                  FROM gone
                RETURNING encode(audit_former.hash, 'hex') AS h
            )
            SELECT jsonb_build_object('change', former_change, 'rows', count(*),
                                      'sums', to_jsonb({sums_sql("put.h")}))
              INTO former FROM put;"""  # noqa: S608 - our own names


def _watch(cursor: Any, watched: Watched) -> bool:
    types = {c: t for c, t in _ask(cursor, COLUMNS, watched.table) if c not in watched.derived}
    if not types:
        return False
    columns, text = list(types), statements(watched, types)
    said = {
        "columns": columns,
        "key": watched.key,
        "left_out": left_out_of_images(watched, types),
        "kept": list(watched.kept.columns) if watched.kept else [],
        "text": _sha256(text),
    }
    act, before = _last(cursor, watched.table)
    if act == "WATCHED":
        known = {name: before.get(name) for name in said}
        if known == said and _ask(cursor, IN_PLACE, watched.table) == [(len(TRIGGERS),)]:
            return False
        _rest(cursor, watched.table)
    cursor.execute(f"LOCK TABLE {watched.table} IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute(text)
    ((body,),) = _ask(cursor, BODY, f"audit_watch_{watched.table}")
    said["body"] = _sha256(body)
    _say(cursor, "WATCHED", watched.table, said | _digest(cursor, watched.table, columns))
    return True


def _rest(cursor: Any, table: str) -> bool:
    act, before = _last(cursor, table)
    if act != "WATCHED":
        return False
    there = {column for column, _ in _ask(cursor, COLUMNS, table)}
    said: dict[str, Any] = {}
    if there:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_watch_{name} ON {table}")
    if there and there.issuperset(before["columns"]):
        said = _digest(cursor, table, before["columns"])
    _say(cursor, "UNWATCHED", table, said)
    return True


def _last(cursor: Any, table: str) -> tuple[str, dict[str, Any]]:
    """How the last watch began or ended, and what was said then."""
    found = _ask(cursor, LAST, table)
    return (found[0][0], json.loads(found[0][1])) if found else ("", {})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(cursor: Any, table: str, columns: list[str]) -> dict[str, Any]:
    ((rows, sums),) = _ask(cursor, digest_sql(table, columns))
    return {"rows": rows, "sums": [int(part) for part in sums]}


def _say(cursor: Any, act: str, table: str, facts: dict[str, Any]) -> None:
    cursor.execute(APPEND, [act, table, Jsonb(facts)])


def _hold_still(cursor: Any) -> None:
    for name, value in STILL.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def _ask(cursor: Any, text: str, *params: object) -> list[tuple[Any, ...]]:
    cursor.execute(text, params or None)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
