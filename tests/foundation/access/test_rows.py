"""Which rows of each table each person sees, asked of the database itself."""

import pytest
from django.db import connection

from recoup.foundation.access import applying
from recoup.foundation.access.policies import TABLES
from recoup.foundation.access.policies.wording import ANYBODY, NOBODY, SIGNING_IN
from recoup.foundation.access.roles import Role
from tests.foundation.access.house import EVERY, HANDS, PEOPLE, House, ask, build, count, looking
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db

WITH_A_CASE = frozenset(name for name, hand in HANDS.items() if hand.has_case)
LIVE = frozenset(name for name in WITH_A_CASE if not HANDS[name].closed_on)
# How a row of each table names its contract.
CONTRACT = {
    "contracts_contract": "id",
    "contracts_contractparty": "contract_id",
    "vehicles_vehicle": "contract_id",
    "ledger_account": "contract_id",
    "ledger_due": "contract_id",
    "ledger_payment": "contract_id",
    "ledger_reversal": "contract_id",
    "ledger_extension": "contract_id",
    "ledger_entry": "contract_id",
    "ledger_adjustment": "contract_id",
    "ledger_adjustmentreversal": "contract_id",
    "ledger_transfer": "contract_id",
    "arrears_snapshot": "contract_id",
    "cases_case": "contract_id",
    "cases_timelineentry": "contract_id",
    "assignment_worklistitem": "contract_id",
    "comms_call": "contract_id",
    "plans_promise": "contract_id",
}
# Tables that name it by way of another: asked for as the owner, by the ids that were seen.
BY_WAY = {
    "parties_party": (
        "id",
        "SELECT id FROM contracts_contract WHERE borrower_id = ANY (%s)"
        " UNION SELECT contract_id FROM contracts_contractparty WHERE party_id = ANY (%s)",
    ),
    "parties_contactpoint": (
        "party_id",
        "SELECT id FROM contracts_contract WHERE borrower_id = ANY (%s)"
        " UNION SELECT contract_id FROM contracts_contractparty WHERE party_id = ANY (%s)",
    ),
    "strategy_decision": (
        "case_id",
        "SELECT contract_id FROM cases_case WHERE id = ANY (%s) OR id = ANY (%s)",
    ),
}


@pytest.fixture
def house() -> House:
    return build()


def seen(house: House, table: str) -> set[str]:
    """The contracts of which whoever is in sees a row of this table, by name."""
    if table in CONTRACT:
        return house.names({number for (number,) in ask(f"SELECT {CONTRACT[table]} FROM {table}")})
    column, way = BY_WAY[table]
    ids = [number for (number,) in ask(f"SELECT {column} FROM {table}")]
    with working_as(Role.OWNER):
        return house.names({number for (number,) in ask(way, ids, ids)})


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_sees_the_contracts_within_their_reach_in_every_table(house, who):
    within = PEOPLE[who][2]
    expected = dict.fromkeys((*CONTRACT, *BY_WAY), within)
    for table in ("cases_case", "cases_timelineentry", "assignment_worklistitem", "comms_call",
                  "plans_promise", "strategy_decision"):  # fmt: skip
        expected[table] = within & WITH_A_CASE
    if who == "liu":  # one's own list is one's own, also of cases that have left it since
        expected["assignment_worklistitem"] = expected["assignment_worklistitem"] | {
            "lius_closed_long_ago"
        }
    with looking(house.people[who]):
        found = {table: frozenset(seen(house, table)) for table in expected}
    assert found == expected


def test_the_worker_sees_every_row(house):
    with working_as(Role.WORKER):
        assert seen(house, "contracts_contract") == EVERY
        assert seen(house, "cases_case") == WITH_A_CASE


def test_where_nobody_is_in_no_row_is_seen(house):
    with looking(None):
        found = {table.name: _rows(table.name) for table in TABLES.values() if _there(table.name)}
    expected = {
        name: 0
        for name in found
        if TABLES[name].rows not in (ANYBODY, NOBODY) and SIGNING_IN not in TABLES[name].rows
    }
    assert {name: found[name] for name in expected} == expected
    assert {
        name for name in found if TABLES[name].rows == NOBODY and found[name] is not None
    } == set()


def _there(table: str) -> bool:
    return table in connection.introspection.table_names()


def _rows(table: str) -> int | None:
    """How many rows are seen; None where the table may not be read at all."""
    readable = ask("SELECT has_any_column_privilege(%s, 'SELECT')", table)[0][0]
    return count(table) if readable else None


def test_no_table_is_without_a_declaration():
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    undeclared = applying.undeclared(tables)
    assert undeclared == [], "say in recoup/foundation/access/policies who may read them"


def test_a_new_table_is_closed_to_both_roles_until_somebody_declares_it():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE letters_letter (id bigint, words text)")
        cursor.execute("INSERT INTO letters_letter VALUES (1, '王小强欠款')")
    assert applying.undeclared(["letters_letter"]) == ["letters_letter"]
    assert applying.apply()
    for role in ("recoup_web", "recoup_worker"):
        rights = ask("SELECT has_table_privilege(%s, 'letters_letter', 'SELECT')", role)
        assert rights == [(False,)]
    assert ask("SELECT relrowsecurity FROM pg_class WHERE relname = 'letters_letter'") == [(True,)]


def test_applying_again_changes_nothing():
    assert not applying.apply()


def test_one_sees_lenders_one_works_for(house):
    for who, lenders in {
        "liu": {"anda", "beiyuan"},
        "leader_of_anda": {"anda"},
        "intake": {"anda", "beiyuan"},
        "operator": {"anda", "beiyuan"},
        "without_a_role": set(),
    }.items():
        with looking(house.people[who]):
            assert {code for (code,) in ask("SELECT code FROM parties_lender")} == lenders, who


def test_names_of_colleagues_are_for_those_who_work_here(house):
    everybody = len(PEOPLE)
    for who, seen_people in {
        "liu": everybody,
        "operator": everybody,
        "agency": 1,
        "lender": 1,
    }.items():
        with looking(house.people[who]):
            assert count("workforce_user") == seen_people, who


def test_grants_are_ones_own_or_for_the_operator_and_the_auditor(house):
    granted = sum(1 for role, _, _ in PEOPLE.values() if role)
    for who, number in {
        "liu": 1,
        "without_a_role": 0,
        "operator": granted,
        "audit": granted,
    }.items():
        with looking(house.people[who]):
            assert count("workforce_grant") == number, who


def test_without_the_second_factor_its_rights_do_not_hold_in_the_database_either(house):
    with looking(house.people["operator"], has_second_factor=False):
        assert count("workforce_grant") == 1
    with looking(house.people["inspector"], has_second_factor=False):
        assert seen(house, "contracts_contract") == PEOPLE["inspector"][2]  # by SEE_CASES


def test_an_ended_or_expired_grant_shows_nothing(house):
    inspector, leader = house.people["inspector"], house.people["leader_of_all"]
    ask("UPDATE workforce_grant SET ended_at = now() WHERE user_id = %s", leader)
    with looking(leader):
        assert count("contracts_contract") == 0
    with working_as(Role.WEB):
        ask("SELECT access_enter(%s, '2026-12-31', true)", inspector)
        assert count("contracts_contract") > 0
        ask("SELECT access_enter(%s, '2027-01-01', true)", inspector)
        assert count("contracts_contract") == 0


def test_somebody_who_left_is_not_let_in_and_whoever_was_in_is_out(house):
    ask("UPDATE workforce_user SET is_active = false WHERE id = %s", house.people["chen"])
    with looking(house.people["leader_of_all"]):
        assert count("contracts_contract") == len(EVERY)
        assert ask("SELECT * FROM access_enter(%s, '2026-11-20', true)", house.people["chen"]) == []
        assert count("contracts_contract") == 0


def test_files_are_seen_by_who_takes_them_in_for_that_lender(house):
    rows = [(house.lenders["anda"], "a" * 64), (house.lenders["beiyuan"], "b" * 64)]
    for lender_id, sha in rows:
        ask(
            "INSERT INTO intake_batch (lender_id, kind, mapping_code, filename, sha256,"
            " spec_sha256, size_bytes, state, columns, rows_total, rows_good, rows_bad,"
            " rows_unchanged, totals, refusal_code, refusal_params, received_at)"
            " VALUES (%s, 'parties', '', 'f.csv', %s, '', 1, 'RECEIVED', '[]', 0, 0, 0, 0, '{}',"
            " '', '{}', now())",
            lender_id,
            sha,
        )
    for who, number in {"intake": 2, "service": 1, "leader_of_all": 0, "liu": 0}.items():
        with looking(house.people[who]):
            assert count("intake_batch") == number, who
