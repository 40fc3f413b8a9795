"""The narrow doors: letting in, passwords, statistics, and what the gate must know of all calls."""

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import errors

from recoup.foundation.access import entering
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.access.roles import Role
from tests.factories import BUSINESS_DAY
from tests.foundation.access.house import House, ask, build, looking
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return build()


def refused(statement: str, *params: object) -> None:
    with pytest.raises(DatabaseError) as no, transaction.atomic():
        ask(statement, *params)
    assert isinstance(no.value.__cause__, errors.InsufficientPrivilege), no.value


def test_letting_in_returns_the_person_what_they_may_and_the_last_night_at_once(
    house, django_assert_num_queries
):
    with working_as(Role.WEB), django_assert_num_queries(1):
        entered = entering.enter(house.people["liu"], on=BUSINESS_DAY, has_second_factor=False)
    assert entered.user.username == "liu"
    assert entered.access.rights >= {Right.SEE_CASES, Right.WORK_CASES}
    assert entered.access.reach is Reach.TEAM
    assert entered.night.business_day == BUSINESS_DAY
    assert entered.roles == ("COLLECTOR",)


def test_a_services_key_lets_in_for_what_it_was_made_for_only(house):
    service = house.people["service"]
    with working_as(Role.WEB):
        scopes = [Right.POST_PAYMENTS, Right.MANAGE_STAFF]
        entered = entering.enter(service, on=BUSINESS_DAY, has_second_factor=True, scopes=scopes)
        assert entered.access.rights == {Right.POST_PAYMENTS}
        assert ask("SELECT count(*) FROM contracts_contract") == [(0,)]
        assert ask("SELECT access_may('MANAGE_STAFF', 'TAKE_IN')") == [(False,)]
        assert ask("SELECT access_may('POST_PAYMENTS')") == [(True,)]


def test_nobody_unknown_is_let_in(house):
    with working_as(Role.WEB):
        assert entering.enter(10**9, on=BUSINESS_DAY, has_second_factor=True) is None


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER])
def test_no_password_is_read_from_the_table(house, role):
    with working_as(role):
        refused("SELECT password FROM workforce_user")
        refused("SELECT * FROM workforce_user")


def test_a_password_is_compared_while_signing_in_or_with_its_owners(house):
    liu, chen = house.people["liu"], house.people["chen"]
    with looking(None):
        assert ask("SELECT access_password(%s)", chen) == [("hash of chen",)]
    with looking(liu):
        assert ask("SELECT access_password(%s)", liu) == [("hash of liu",)]
        refused("SELECT access_password(%s)", chen)
    with working_as(Role.WORKER):
        refused("SELECT access_password(%s)", chen)


def test_letting_in_shows_no_password(house):
    with working_as(Role.WEB):
        (row,) = ask(
            "SELECT (e.person).password, e.password_print FROM access_enter(%s, '2026-11-20') e",
            house.people["chen"],
        )
    assert row[0] == ""
    assert "hash of chen" not in row[1]


def test_while_nobody_is_in_a_password_changes_only_where_it_was_just_asked_for(house):
    liu, chen = house.people["liu"], house.people["chen"]
    change = "UPDATE workforce_user SET password = 'new' WHERE id = %s"
    with looking(None):
        refused(change, liu)
        ask("SELECT access_password(%s)", liu)
        refused(change, chen)
        ask(change, liu)
    passwords = dict(ask("SELECT id, password FROM workforce_user"))
    assert (passwords[liu], passwords[chen]) == ("new", "hash of chen")


def test_the_model_reads_a_password_through_the_door(house):
    from recoup.modules.workforce.models import User  # noqa: PLC0415

    with looking(None):
        assert User.objects.get(username="chen").password == "hash of chen"


def test_only_background_work_refreshes_statistics_and_of_our_tables_only(house):
    with working_as(Role.WORKER):
        ask("CALL access_analyze('ledger_due')")
        with pytest.raises(DatabaseError), transaction.atomic():
            ask("CALL access_analyze('pg_catalog.pg_class')")
    with looking(house.people["operator"]):
        refused("CALL access_analyze('ledger_due')")


def test_background_work_lets_nobody_in(house):
    with working_as(Role.WORKER):
        refused("SELECT access_enter(%s, '2026-11-20')", house.people["liu"])


def test_the_gate_counts_every_call_to_a_person_whoever_made_it(house):
    contract = house.contracts["lius"]
    borrower = ask("SELECT borrower_id FROM contracts_contract WHERE id = %s", contract)[0][0]
    other = house.contracts["zhous_of_another_team"]
    ask("UPDATE comms_call SET party_id = %s WHERE contract_id = %s", borrower, other)
    facts = "SELECT unanswered_today FROM access_calls_to_party(%s, %s, %s, %s, %s)"
    asked = (borrower, contract, borrower, "2026-11-20 00:00+08", "2026-11-20 12:00+08")
    with looking(house.people["liu"]):
        assert ask("SELECT count(*) FROM comms_call WHERE party_id = %s", borrower) == [(1,)]
        assert ask(facts, *asked) == [(2,)]


def test_functions_of_the_owner_say_which_schemas_they_mean():
    unpinned = ask(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND NOT coalesce(proconfig::text LIKE '%%search_path=%%pg_temp%%', false)"
    )
    assert unpinned == []


def test_no_function_of_ours_is_for_everybody():
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT proname FROM pg_proc WHERE proname LIKE 'access\_%' AND proacl IS NULL"
        )
        assert cursor.fetchall() == []
