"""A look-up stays a look-up under the policies: what a page asks never reads a whole table.

The tables here are small, so the planner is told that they are large and that sequential scans are
dear: one that is left is one for which no index can be used.
"""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from recoup.modules.assignment import lists
from recoup.modules.assignment import queries as assignment
from recoup.modules.cases import queries as cases
from recoup.modules.compliance import queries as compliance
from recoup.modules.contracts import queries as contracts
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.foundation.access.house import House, ask, build, looking

pytestmark = pytest.mark.django_db
MODULES = Path("recoup/modules")
# Small whatever the portfolio: there is no harm in reading them whole.
SMALL = {
    "foundation_jobrun",
    "ledger_allocationrule",
    "parties_lender",
    "strategy_version",
    "strategy_rule",
    "workforce_team",
    "workforce_user",
}


LARGE = """
UPDATE pg_class SET reltuples = 1000000, relpages = 1
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND relname <> ALL (%s)
"""


@pytest.fixture
def house() -> House:
    if not ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0]:
        pytest.skip("only a superuser tells the planner how large tables are")
    built = build()
    ask(LARGE, list(SMALL))
    return built


def scanned(statement: str, params: dict[str, object]) -> set[str]:
    """The large tables that a statement can only read whole."""
    with connection.cursor() as cursor:
        for dear in ("seqscan", "hashjoin", "mergejoin"):  # it knows no real distribution
            cursor.execute(f"SET LOCAL enable_{dear} = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement, params)
        (plan,) = cursor.fetchone()
        for dear in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"RESET enable_{dear}")
    found: set[str] = set()
    _walk(plan[0]["Plan"], found)
    return found - SMALL


def _walk(node: dict[str, object], found: set[str]) -> None:
    whole = node["Node Type"] == "Seq Scan" or (
        "Index" in str(node["Node Type"]) and "Relation Name" in node and not _is_looked_up(node)
    )
    if whole:
        found.add(str(node["Relation Name"]))
    for part in node.get("Plans", []):  # type: ignore[attr-defined]
        _walk(part, found)


def _is_looked_up(node: dict[str, object]) -> bool:
    """An index read from end to end is a whole table too; one over part of it is not."""
    return "Index Cond" in node or str(node["Index Name"]) == "one_live_strategy"


STATEMENTS = {
    "the head of the case page": cases._HEAD,
    "the timeline": cases._TIMELINE,
    "the contract's file": contracts._FILE,
    "the gate": compliance._FACTS,
    "a page of the worklist": assignment._PAGE,
    "the worklist's counts": assignment._COUNTS,
    "the day's figures": assignment._FIGURES,
}


@pytest.mark.parametrize("who", ["liu", "leader_of_anda", "leader_of_all", "agency"])
@pytest.mark.parametrize("name", STATEMENTS)
def test_what_a_page_asks_reads_no_large_table_whole(house, name, who):
    contract = house.contracts["lius"]
    params = {
        "contract_id": contract, "contracts": [contract], "reader_id": house.people[who],
        "collector_id": house.people[who], "as_of": BUSINESS_DAY, "at": AT_TEN,
        "day_begins": AT_TEN, "kinds": ["CASE_OPENED"], "with_money": True, "limit": 30,
        "only": "all", "bucket": None, "sort": "rank", "offset": 0,
    }  # fmt: skip
    with looking(house.people[who]):
        assert scanned(STATEMENTS[name], params) == set()


@pytest.mark.parametrize("who", ["leader_of_anda", "leader_of_all"])
@pytest.mark.parametrize("bucket", [None, 2])
def test_a_page_of_all_live_cases_is_read_in_their_order_and_not_sorted(house, who, bucket):
    asked = lists.Choice(bucket=bucket).as_asked()
    asked |= {"as_of": BUSINESS_DAY, "limit": 51, "offset": 0}
    with looking(house.people[who]):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("EXPLAIN (FORMAT JSON) " + lists._CASES, asked)
            (plan,) = cursor.fetchone()
        (page,) = _nodes(plan[0]["Plan"], "Limit")
        assert list(_nodes(page, "Sort")) == []
        assert "live_case_by_bucket" in str(page)


def _nodes(node, kind):
    if node["Node Type"] == kind:
        yield node
    for part in node.get("Plans", []):
        yield from _nodes(part, kind)


@pytest.mark.parametrize("table", ["ledger_payment", "ledger_due", "comms_call", "plans_promise"])
def test_a_contracts_rows_are_looked_up(house, table):
    column = "party_id" if table == "comms_call" else "contract_id"
    with looking(house.people["liu"]):
        assert scanned(f"SELECT * FROM {table} WHERE {column} = %(id)s", {"id": 1}) == set()


def test_a_beginning_is_found_by_the_index_where_its_operator_leaks_nothing(house):
    with looking(house.people["leader_of_anda"]):
        select = "SELECT * FROM contracts_contract WHERE number"
        assert scanned(f"{select} ^@ %(text)s", {"text": "AF"}) == set()
        assert scanned(f"{select} LIKE %(text)s", {"text": "AF%"}) == {"contracts_contract"}


@pytest.mark.parametrize("who", ["liu", "leader_of_all"])
def test_taking_the_next_case_is_a_look_up(house, who):
    statement = (
        "SELECT id FROM assignment_worklistitem WHERE as_of = %(day)s AND collector_id = %(who)s"
        " AND taken_at IS NULL AND done_at IS NULL ORDER BY rank LIMIT 1 FOR UPDATE SKIP LOCKED"
    )
    with looking(house.people[who]):
        asked = {"day": date(2026, 11, 20), "who": house.people[who]}
        assert scanned(statement, asked) == set()


def test_whoever_sees_everything_asks_nothing_per_row(house):
    """The constant stands before the function, which is not called then."""
    ask("SET LOCAL track_functions = 'all'")
    with looking(house.people["leader_of_all"]):
        before = _calls()
        assert len(ask("SELECT id FROM ledger_payment")) == 10
        assert _calls() == before
    with looking(house.people["leader_of_anda"]):
        assert len(ask("SELECT id FROM ledger_payment")) == 8
        assert _calls() >= before + 10


def _calls() -> int:
    rows = ask(
        "SELECT coalesce(sum(calls), 0) FROM pg_stat_xact_user_functions"
        " WHERE funcname = 'access_sees_contract'"
    )
    return int(rows[0][0])
