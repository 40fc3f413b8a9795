"""What each role may write: the grants as declared, and nothing outside of one's reach."""

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import errors

from recoup.foundation.access.policies import TABLES
from recoup.foundation.access.policies.wording import ANYBODY, NOBODY
from recoup.foundation.access.roles import Role
from tests.foundation.access.house import House, ask, build, count, looking
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@pytest.fixture
def house() -> House:
    return build()


def refused(statement: str, *params: object) -> None:
    """The database refuses it by right or by policy."""
    with pytest.raises(DatabaseError) as no, transaction.atomic():
        ask(statement, *params)
    assert isinstance(no.value.__cause__, errors.InsufficientPrivilege), no.value


def test_grants_are_as_declared_for_each_table_and_role():
    there = set(connection.introspection.table_names())
    for table in TABLES.values():
        if table.name not in there:
            continue
        web = {
            "SELECT": table.rows != NOBODY,
            "INSERT": table.insert is not None,
            "UPDATE": table.update is not None,
            "DELETE": table.delete is not None,
        }
        assert _granted("recoup_web", table.name) == {verb for verb in VERBS if web[verb]}
        worker = set(filter(None, table.worker.split(", ")))
        assert _granted("recoup_worker", table.name) == worker, table.name


def _granted(role: str, table: str) -> set[str]:
    found = set()
    for verb in VERBS:
        by_column = (
            verb != "DELETE"
            and ask("SELECT has_any_column_privilege(%s, %s, %s)", role, table, verb)[0][0]
        )
        whole = ask("SELECT has_table_privilege(%s, %s, %s)", role, table, verb)[0][0]
        found |= {verb} if by_column or whole else set()
    return found


@pytest.mark.parametrize("role", ["recoup_web", "recoup_worker"])
def test_evidence_is_appended_and_never_changed(role):
    for table in (
        "ledger_entry", "comms_call", "cases_timelineentry", "ledger_extension", "ledger_transfer",
        "ledger_return", "ledger_remittance",
    ):  # fmt: skip
        assert _granted(role, table) <= {"SELECT", "INSERT"}, table
    assert _granted(role, "audit_event") <= {"SELECT"}
    for column in ("amount_minor", "value_on", "contract_id", "reference"):
        may = ask("SELECT has_column_privilege(%s, 'ledger_payment', %s, 'UPDATE')", role, column)
        assert may == [(False,)], column
    assert "DELETE" not in _granted(role, "ledger_payment")


@pytest.mark.parametrize("role", ["recoup_web", "recoup_worker"])
def test_the_roles_are_nobody_special_and_make_no_tables(role):
    (special,) = ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = %s",
        role,
    )
    assert special == (False, False, False, False)
    assert ask("SELECT count(*) FROM pg_tables WHERE tableowner = %s", role) == [(0,)]
    with working_as(Role.WEB if role == "recoup_web" else Role.WORKER):
        refused("CREATE TABLE public.loot (id bigint)")
        refused("ALTER TABLE contracts_contract DISABLE ROW LEVEL SECURITY")
        refused("DROP POLICY access_web_select ON contracts_contract")


def test_only_tables_that_must_be_read_before_anybody_is_in_are_open_to_all():
    opened = {table.name for table in TABLES.values() if table.rows == ANYBODY}
    unexplained = {name for name in opened if not TABLES[name].why}
    assert unexplained == set()


PAY = (
    "INSERT INTO ledger_payment (contract_id, value_on, amount_minor, currency, channel, reference,"
    " received_at, recorded_by) VALUES (%s, '2026-11-20', 100, 'CNY', 'TRANSFER', '', now(), %s)"
)


def test_a_payment_is_posted_by_who_may_in_their_own_name_and_for_their_lender(house):
    finance, of_anda = house.people["finance"], house.people["finance_of_anda"]
    liu, foreign = house.people["liu"], house.contracts["zhous_of_another_lender"]
    before = count("ledger_payment")
    with looking(liu):
        refused(PAY, house.contracts["lius"], liu)
    with looking(finance):
        refused(PAY, foreign, liu)
        refused(PAY, foreign, None)
    with looking(of_anda):
        refused(PAY, foreign, of_anda)
    assert count("ledger_payment") == before
    with looking(finance):
        ask(PAY, foreign, finance)
    assert count("ledger_payment") == before + 1


CALL = (
    "INSERT INTO comms_call (contract_id, case_id, party_id, at, business_on, actor_id, result,"
    " inbound, answered, right_party, identity_checked, note, next_step, next_step_on, form_key)"
    " SELECT c.contract_id, c.id, k.borrower_id, now(), '2026-11-20', %s, 'NO_ANSWER', false,"
    " false, false, false, '', 'CALL', '2026-11-21', gen_random_uuid()"
    "   FROM cases_case c JOIN contracts_contract k ON k.id = c.contract_id"
    "  WHERE c.contract_id = %s"
)
CALL_BLINDLY = (
    "INSERT INTO comms_call (contract_id, case_id, party_id, at, business_on, actor_id, result,"
    " inbound, answered, right_party, identity_checked, note, next_step, next_step_on, form_key)"
    " VALUES (%s, 1, 1, now(), '2026-11-20', %s, 'NO_ANSWER', false, false, false, false, '',"
    " 'CALL', '2026-11-21', gen_random_uuid())"
)


def test_a_call_is_logged_in_ones_own_name_on_ones_own_case(house):
    liu, chen = house.people["liu"], house.people["chen"]
    before = count("comms_call")
    with looking(liu):
        refused(CALL, chen, house.contracts["lius"])
        refused(CALL_BLINDLY, house.contracts["zhous_of_another_team"], liu)
    with looking(house.people["finance"]):
        refused(CALL, house.people["finance"], house.contracts["lius"])
    assert count("comms_call") == before
    with looking(liu):
        ask(CALL, liu, house.contracts["lius"])
    assert count("comms_call") == before + 1


def test_a_case_outside_of_ones_reach_is_not_changed(house):
    foreign, own = house.contracts["zhous_of_another_team"], house.contracts["lius"]
    hold = "UPDATE cases_case SET state = 'HELD' WHERE contract_id = %s RETURNING id"
    with looking(house.people["liu"]):
        assert ask(hold, foreign) == []
        assert len(ask(hold, own)) == 1
        refused("UPDATE cases_case SET lender_id = 1 WHERE contract_id = %s", own)
    with looking(house.people["audit"]):
        assert ask(hold, foreign) == []
    states = dict(ask("SELECT contract_id, state FROM cases_case"))
    assert (states[foreign], states[own]) == ("OPEN", "HELD")


def test_a_case_is_not_given_out_of_ones_reach(house):
    give = "UPDATE cases_case SET collector_id = %s WHERE contract_id = %s"
    with looking(house.people["liu"]):
        refused(give, house.people["zhou"], house.contracts["lius"])
    with looking(house.people["leader_of_anda"]):
        ask(give, house.people["zhou"], house.contracts["lius"])


def test_a_grant_is_given_by_who_manages_staff_with_the_second_factor(house):
    give = "INSERT INTO workforce_grant (user_id, role, granted_at) VALUES (%s, 'LEADER', now())"
    nobody = house.people["without_a_role"]
    before = count("workforce_grant")
    for who in ("liu", "leader_of_all", "audit"):
        with looking(house.people[who]):
            refused(give, house.people[who])
    with looking(house.people["operator"], has_second_factor=False):
        refused(give, nobody)
    assert count("workforce_grant") == before
    with looking(house.people["operator"]):
        ask(give, nobody)
    assert count("workforce_grant") == before + 1


def test_roles_and_rights_are_not_rewritten_from_a_page(house):
    with looking(house.people["operator"]):
        refused("UPDATE workforce_roleright SET right_code = 'REVEAL'")
        refused("INSERT INTO workforce_roleright (role, right_code) VALUES ('LEADER', 'REVEAL')")
        refused("DELETE FROM workforce_dutyconflict")


def test_one_changes_ones_own_language_and_nothing_of_others(house):
    liu, chen = house.people["liu"], house.people["chen"]
    with looking(liu):
        ask("UPDATE workforce_user SET language = 'en' WHERE id = %s", liu)
        assert (
            ask("UPDATE workforce_user SET language = 'en' WHERE id = %s RETURNING id", chen) == []
        )
        for change in (
            "is_superuser = true",
            "is_staff = true",
            "team_id = NULL",
            "username = 'x'",
        ):
            refused(f"UPDATE workforce_user SET {change} WHERE id = %s", liu)
    languages = dict(ask("SELECT id, language FROM workforce_user"))
    assert (languages[liu], languages[chen]) == ("en", "zh-hans")
