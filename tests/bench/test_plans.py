"""How the night reads: by look-ups of what is open, never over the whole schedule.

The plans are those PostgreSQL really used, caught by auto_explain while every step of the night
runs on a small portfolio. A plain join of payments and dues took eight times longer at three
million contracts; this keeps it from coming back.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.errors import Diagnostic

from bench import portfolio
from bench.shape import AS_OF
from recoup.interfaces.worker.night import STEPS

AT = datetime(2026, 6, 15, 20, tzinfo=UTC)
Plan = dict[str, Any]
CATCH = (
    "SET LOCAL auto_explain.log_min_duration = 0",
    "SET LOCAL auto_explain.log_format = json",
    "SET LOCAL auto_explain.log_level = notice",
    "SET LOCAL client_min_messages = notice",
)


@pytest.fixture
def plans(db: None) -> dict[str, list[Plan]]:
    """Every plan the night used on five thousand contracts, by step."""
    raw = _connection()
    portfolio.fill(raw, 5_000, 36, 7)
    raw.execute("ANALYZE")
    try:
        with connection.cursor() as cursor:
            cursor.execute("LOAD 'auto_explain'")
    except psycopg.errors.UndefinedFile:
        pytest.skip("this server has no auto_explain")
    caught: list[str] = []
    raw.add_notice_handler(lambda told: caught.append(_text(told)))
    return {step.name: _plans_of(step.do, caught) for step in STEPS}


def _connection() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def _text(told: Diagnostic) -> str:
    return told.message_primary or ""


def _plans_of(do: Any, caught: list[str]) -> list[Plan]:
    caught.clear()
    with connection.cursor() as cursor:
        for setting in CATCH:
            cursor.execute(setting)
        do(AS_OF, AT)
        cursor.execute("SET LOCAL auto_explain.log_min_duration = -1")
    return [json.loads(text.split("plan:", 1)[1]) for text in caught if "plan:" in text]


def _nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _scans(plan: Plan, table: str) -> list[str]:
    return [node["Node Type"] for node in _nodes(plan["Plan"])
            if node.get("Relation Name") == table and "Scan" in node["Node Type"]]  # fmt: skip


def test_no_step_of_the_night_reads_the_whole_schedule(plans: dict[str, list[Plan]]) -> None:
    assert all(plans[step] for step in ("post_payments", "snapshot_arrears"))
    for step, used in plans.items():
        for plan in used:
            assert "Seq Scan" not in _scans(plan, "ledger_due"), (step, plan["Query Text"])


def test_each_payment_looks_up_its_own_contracts_dues(plans: dict[str, list[Plan]]) -> None:
    allocating = [plan for plan in plans["post_payments"]
                  if "INSERT INTO ledger_allocated" in plan["Query Text"]
                  and _scans(plan, "ledger_due")]  # fmt: skip
    assert allocating
    for plan in allocating:
        assert set(_scans(plan, "ledger_due")) == {"Index Scan"}
        lookup = next(n for n in _nodes(plan["Plan"]) if n.get("Relation Name") == "ledger_due")
        assert lookup["Index Name"] == "ledger_due_pkey"
        assert "contract_id" in lookup["Index Cond"]


def test_arrears_are_found_by_the_index_of_what_is_open(plans: dict[str, list[Plan]]) -> None:
    used = [node.get("Index Name") for plan in plans["snapshot_arrears"]
            for node in _nodes(plan["Plan"])]  # fmt: skip
    assert "due_unsettled" in used
