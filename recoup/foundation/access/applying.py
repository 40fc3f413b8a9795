"""Declared policies become grants and row level security, after every migration, all or nothing.

What is applied carries a fingerprint of the declaration and of the tables there are; when nothing
has changed nothing is done. A table without a declaration is closed to both roles.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from recoup.foundation.access import roles
from recoup.foundation.access.policies import TABLES
from recoup.foundation.access.policies.wording import (
    DAYS_OF_SIGHT,
    SEE_CASES,
    SEE_LOCKED,
    Table,
    closed,
    may,
)
from recoup.foundation.access.pooling import LEAVE
from recoup.foundation.access.rights import NEED_SECOND_FACTOR, Right
from recoup.foundation.access.roles import NAMES, Role

HERE = Path(__file__).parent
OURS = sorted((HERE / "sql").glob("*.sql"))
# Functions of modules that answer more than the asker's policies would, and no more than they must.
OF_MODULES = sorted(HERE.parents[1].glob("modules/*/sql/functions/*.sql"))
WEB, WORKER = sql.Identifier(NAMES[Role.WEB]), sql.Identifier(NAMES[Role.WORKER])
# Not for everybody: who may call it, beside the owner.
ONLY_FOR: dict[str, tuple[sql.Identifier, ...]] = {
    "access_enter": (WEB,),
    "access_leave": (WEB,),
    "access_password": (WEB,),
    "access_analyze": (WORKER,),
    # A deletion that a second person approved (privacy); its parts are called by it alone.
    "access_sweep": (WORKER,),
    "access_forget_people": (),
    "access_forget_words": (),
    "access_forget_call_notes": (),
    "access_forget_vehicles": (),
    "access_forget_refused_rows": (),
    # Restrictions that were placed or lifted: called by a trigger alone.
    "access_lock_people": (),
    "access_lock_contracts": (),
    "access_lock_cases": (),
    "access_unlist_locked": (),
}
APPLYING = 0x5EC1  # the advisory lock under which one process applies and others wait
PUBLIC_TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
OUR_POLICIES = r"""
SELECT tablename, policyname FROM pg_policies
 WHERE schemaname = 'public' AND policyname LIKE 'access\_%'
"""
OUR_TRIGGERS = r"""
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
 WHERE NOT tgisinternal AND tgname LIKE 'access\_%'
"""
OUR_FUNCTIONS = r"""
SELECT oid::regprocedure::text, prokind FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'access\_%'
"""
KNOWN = "SELECT obj_description(to_regproc('access_leave'), 'pg_proc')"


def apply() -> bool:
    """Make roles, functions, grants and policies as declared; False if nothing had changed."""
    connection.ensure_connection()
    raw = connection.connection
    with raw.transaction(), raw.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLYING])
        roles.make_missing(cursor)
        tables = [name for (name,) in cursor.execute(PUBLIC_TABLES).fetchall()]
        if "workforce_grant" not in tables:
            return False  # migrated back to before there were roles
        fingerprint = _fingerprint(tables, _columns(cursor))
        if cursor.execute(KNOWN).fetchone() == (fingerprint,):
            return False
        _take_away(cursor)
        for file in (*OURS, *OF_MODULES):
            cursor.execute(_filled_in(file.read_text()))
        _grant_functions(cursor)
        for statement in statements(tables, _columns(cursor)):
            cursor.execute(statement)
        comment = sql.SQL("COMMENT ON FUNCTION access_leave() IS {}")
        cursor.execute(comment.format(sql.Literal(fingerprint)))
    return True


def undeclared(tables: Iterable[str]) -> list[str]:
    """Tables that nobody has said who may read."""
    return sorted(set(tables) - set(TABLES))


def _fingerprint(tables: list[str], columns: dict[str, list[str]]) -> str:
    said = hashlib.sha256(repr((tables, columns, TABLES, NAMES, DAYS_OF_SIGHT)).encode())
    for file in (*OURS, *OF_MODULES, Path(__file__)):
        said.update(file.read_bytes())
    said.update(repr(sorted(NEED_SECOND_FACTOR)).encode())
    return said.hexdigest()


def _columns(cursor: Any) -> dict[str, list[str]]:
    """The columns of tables of which some column is hidden."""
    hidden = [t.name for t in TABLES.values() if t.hidden or t.hidden_from_web]
    rows = cursor.execute(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute"
        " WHERE attrelid IN (SELECT to_regclass(unnest(%s::text[]))) AND attnum > 0"
        " AND NOT attisdropped ORDER BY attrelid, attnum",
        [hidden],
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _filled_in(text: str) -> str:
    """The few lists that SQL and Python share are written down once, in Python."""
    lists = {
        "need_second_factor": _literal(sorted(NEED_SECOND_FACTOR)),
        "see_cases": _literal(SEE_CASES),
        "see_locked": _literal(SEE_LOCKED),
        "leave": LEAVE,
        "days_of_sight": str(DAYS_OF_SIGHT),
    }
    for name, value in lists.items():
        text = text.replace("{" + name + "}", value)
    return text


def _literal(values: Iterable[str | Right]) -> str:
    return "'{" + ",".join(str(value) for value in values) + "}'"


def _take_away(cursor: Any) -> None:
    """Remove what was applied before: policies, triggers, functions."""
    for table, policy in cursor.execute(OUR_POLICIES).fetchall():
        drop = sql.SQL("DROP POLICY {} ON {}")
        cursor.execute(drop.format(sql.Identifier(policy), sql.Identifier(table)))
    for table, trigger in cursor.execute(OUR_TRIGGERS).fetchall():
        drop = sql.SQL("DROP TRIGGER {} ON {}")
        cursor.execute(drop.format(sql.Identifier(trigger), sql.SQL(table)))
    found = cursor.execute(OUR_FUNCTIONS).fetchall()
    kinds = {"p": "PROCEDURE", "f": "FUNCTION"}
    for signature, kind in found:
        cursor.execute(sql.SQL(f"DROP {kinds[kind]} {signature}"))


def _grant_functions(cursor: Any) -> None:
    for signature, kind in cursor.execute(OUR_FUNCTIONS).fetchall():
        name = signature.partition("(")[0]
        what = sql.SQL(f"{'PROCEDURE' if kind == 'p' else 'FUNCTION'} {signature}")
        cursor.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC").format(what))
        for role in ONLY_FOR.get(name, (WEB, WORKER)):
            cursor.execute(sql.SQL("GRANT EXECUTE ON {} TO {}").format(what, role))


def statements(tables: list[str], columns: dict[str, list[str]]) -> Iterator[sql.Composed]:
    """Grants and policies of every table there is, in order."""
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(WEB, WORKER)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}, {}").format(WEB, WORKER)
    for name in tables:
        table = TABLES.get(name) or closed(name)
        target = sql.Identifier(name)
        yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(target)
        yield sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}, {}").format(target, WEB, WORKER)
        yield from _for_worker(table, target, columns.get(name, []))
        yield from _for_web(table, target, columns.get(name, []))
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}, {}").format(WEB, WORKER)


def _for_worker(table: Table, target: sql.Identifier, columns: list[str]) -> Iterator[sql.Composed]:
    for verb in filter(None, table.worker.split(", ")):
        named: tuple[str, ...] = ()
        if verb == "SELECT":
            named = _shown(columns, table.hidden)
        elif verb == "UPDATE":
            named = table.worker_updates
        yield _grant(verb, named, target, WORKER)
    if table.worker:
        everything = sql.SQL(
            "CREATE POLICY access_worker ON {} TO {} USING (true) WITH CHECK (true)"
        )
        yield everything.format(target, WORKER)


def _for_web(table: Table, target: sql.Identifier, columns: list[str]) -> Iterator[sql.Composed]:
    rows = f"({table.rows})"
    if table.rows != "false":
        shown = _shown(columns, table.hidden + table.hidden_from_web)
        yield _grant("SELECT", shown, target, WEB)
        yield _policy("SELECT", target, f"USING {rows}")
    for verb, needed in (("INSERT", table.insert), ("UPDATE", table.update)):
        if needed is not None:
            within = f"({table.touched})" if table.touched else rows
            allowed = f"({may(*needed)} AND {within})" if needed else within
            yield _grant(verb, table.updated if verb == "UPDATE" else (), target, WEB)
            yield _policy(verb, target, _conditions(verb, allowed, table.inserted))
    if table.delete is not None:
        allowed = f"({may(*table.delete)} AND {rows})" if table.delete else rows
        yield _grant("DELETE", (), target, WEB)
        yield _policy("DELETE", target, f"USING {allowed}")


def _shown(columns: list[str], hidden: tuple[str, ...]) -> tuple[str, ...]:
    """The columns to name in a grant; none where nothing is hidden."""
    return tuple(column for column in columns if column not in hidden) if hidden else ()


def _conditions(verb: str, allowed: str, inserted: str) -> str:
    if verb == "UPDATE":
        return f"USING {allowed} WITH CHECK {allowed}"
    return f"WITH CHECK ({allowed} AND ({inserted}))" if inserted else f"WITH CHECK {allowed}"


def _policy(verb: str, target: sql.Identifier, conditions: str) -> sql.Composed:
    name = sql.Identifier(f"access_web_{verb.lower()}")
    text = sql.SQL(f"CREATE POLICY {{}} ON {{}} FOR {verb} TO {{}} {conditions}")
    return text.format(name, target, WEB)


def _grant(
    verb: str, columns: tuple[str, ...], target: sql.Identifier, role: sql.Identifier
) -> sql.Composed:
    named: sql.Composable = sql.SQL("")
    if columns:
        named = sql.SQL(" ({})").format(sql.SQL(", ").join(map(sql.Identifier, columns)))
    return sql.SQL("GRANT {}{} ON {} TO {}").format(sql.SQL(verb), named, target, role)
