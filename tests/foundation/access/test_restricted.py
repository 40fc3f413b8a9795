"""What is restricted is seen by who keeps privacy or inspects, and by nobody else, in any table."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from recoup.foundation.access.roles import Role
from recoup.modules.contracts.models import Contract
from recoup.modules.privacy.models import Restriction
from tests.foundation.access.house import PEOPLE, House, ask, build, looking
from tests.foundation.access.test_rows import BY_WAY, CONTRACT, seen
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
KEEPERS = {"compliance", "inspector"}
LOCKED = frozenset({"lius", "nobodys", "the_agencys", "zhous_of_another_lender"})
# Amounts under a number, of which only whoever sees the whole lender reads a row: sums need them.
AMOUNTS = {"ledger_account", "arrears_snapshot"}
PEOPLE_TABLES = {"parties_party", "parties_contactpoint"}
SEE_WHOLE_LENDERS = {"leader_of_anda", "leader_of_all", "finance", "finance_of_anda", "entry",
                     "closing", "audit", "lender", "service"}  # fmt: skip


@pytest.fixture
def house() -> House:
    return build()


def restrict(house: House, scope: str, name: str) -> Restriction:
    contract = Contract.objects.get(pk=house.contracts[name])
    return Restriction.objects.create(
        lender_id=contract.lender_id, scope=scope, cause="OBJECTION", reason="asked to stop",
        subject_id=contract.pk if scope == "CONTRACT" else contract.borrower_id,
        placed_by=1, placed_at=NOW,
    )  # fmt: skip


def borrowers(house: House) -> set[int]:
    ids = [house.contracts[name] for name in LOCKED]
    return set(Contract.objects.filter(pk__in=ids).values_list("borrower_id", flat=True))


@pytest.mark.parametrize("scope", ["CONTRACT", "PERSON"])
@pytest.mark.parametrize("who", PEOPLE)
def test_no_table_shows_a_row_of_it_but_to_who_keeps_privacy_or_inspects(house, who, scope):
    with looking(house.people[who]):
        before = {table: seen(house, table) for table in (*CONTRACT, *BY_WAY)}
    for name in LOCKED:
        restrict(house, scope, name)
    with looking(house.people[who]):
        found = {table: seen(house, table) for table in before}

    if who in KEEPERS:  # today's lists lose it all the same
        assert found == before | {
            "assignment_worklistitem": before["assignment_worklistitem"] - LOCKED
        }
        return
    for table, rows in found.items():
        if who not in SEE_WHOLE_LENDERS or table not in AMOUNTS | PEOPLE_TABLES:
            assert rows == before[table] - LOCKED, table
    if who in SEE_WHOLE_LENDERS:  # the others named may be named elsewhere; they are not restricted
        locked = borrowers(house)
        with looking(house.people[who]):
            people = {number for (number,) in ask("SELECT id FROM parties_party")}
        assert bool(people & locked) is (scope == "CONTRACT")


def test_lifting_it_shows_everything_again(house):
    with looking(house.people["leader_of_all"]):
        before = {table: seen(house, table) for table in (*CONTRACT, *BY_WAY)}
    row = restrict(house, "PERSON", "lius")
    row.lifted_by, row.lifted_at, row.lifted_reason = 1, NOW, "settled"
    row.save()
    with looking(house.people["leader_of_all"]):
        found = {table: seen(house, table) for table in before}

    assert found == before | {
        "assignment_worklistitem": before["assignment_worklistitem"] - {"lius"}
    }, "the next night lists it again"


def test_two_restrictions_keep_it_until_both_are_lifted(house):
    first, second = restrict(house, "PERSON", "lius"), restrict(house, "CONTRACT", "lius")
    for row, still in ((first, True), (second, False)):
        Restriction.objects.filter(pk=row.pk).update(
            lifted_by=1, lifted_at=NOW, lifted_reason="settled"
        )
        assert Contract.objects.get(pk=house.contracts["lius"]).is_locked is still


@pytest.mark.parametrize("table", ["contracts_contract", "cases_case", "parties_party"])
def test_no_process_locks_or_unlocks_a_row_by_itself(house, table):
    restrict(house, "PERSON", "lius")
    sql = f"UPDATE {table} SET is_locked = NOT is_locked"
    with (
        working_as(Role.WORKER),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    with (
        looking(house.people["entry"]),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

    assert ask(f"SELECT count(*) FROM {table} WHERE is_locked") == [(1,)]


def test_who_sees_everything_is_asked_row_by_row_only_while_something_is_restricted(house):
    def everywhere(who: str) -> str:
        with looking(house.people[who]):
            return ask("SELECT current_setting('recoup.everywhere')")[0][0]

    assert everywhere("leader_of_all") == "on"
    restrict(house, "PERSON", "lius")
    assert (everywhere("leader_of_all"), everywhere("compliance")) == ("off", "on")
