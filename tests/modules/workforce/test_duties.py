"""Duties that are apart stay apart: in words by the service, and by the database whoever writes."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from recoup.foundation.access.context import as_system
from recoup.modules.workforce import queries, rules, services
from recoup.modules.workforce.models import DutyConflict, Grant, RoleRight, User
from recoup.modules.workforce.rules import GrantAsked, RoleOffered, StaffRole
from tests.declared import conflicts
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    make_agency,
    make_collector,
    make_grant,
    make_lender,
)

db = pytest.mark.django_db


def give(user: User, role: str) -> None:
    services.grant(
        user_id=user.pk, role=StaffRole(role), reason="新岗位", actor_id=None, at=AT_TEN,
        today=BUSINESS_DAY,
    )  # fmt: skip


def role(code: str, *rights: str, reach: str = "ALL") -> RoleOffered:
    return RoleOffered(code, reach, must_expire=False, rights=frozenset(rights))


@pytest.mark.parametrize("pair", sorted(conflicts()))
def test_each_declared_pair_is_refused_in_one_hand(pair):
    held = [GrantAsked(role("ONE", pair[0]))]
    with pytest.raises(rules.DutiesConflict) as no:
        rules.refuse_unsound_grant(
            GrantAsked(role("OTHER", pair[1])), held, conflicts(), today=BUSINESS_DAY
        )
    assert (no.value.params["first"], no.value.params["second"]) == pair


@db
def test_a_second_role_that_would_join_duties_is_refused_and_leaves_nothing():
    chen = make_collector("chen_wei", "陈伟", role="FINANCE")
    with pytest.raises(rules.DutiesConflict) as no:
        give(chen, "INTAKE")
    assert str(no.value) == "One person never holds both: APPROVE_MONEY, and TAKE_IN."
    assert [grant.role_id for grant in Grant.objects.all()] == ["FINANCE"]


@db
def test_after_the_first_role_ended_the_second_is_given():
    chen = make_collector("chen_wei", "陈伟", role="FINANCE")
    services.end_grant(grant_id=Grant.objects.get().pk, actor_id=None, at=AT_TEN)
    give(chen, "INTAKE")
    assert [row.role for row in queries.grants(user_id=chen.pk) if not row.ended_at] == ["INTAKE"]


@db
@pytest.mark.parametrize(
    ("first", "second"),
    [("FINANCE", "INTAKE"), ("FINANCE", "LEADER"), ("LEADER", "COMPLIANCE"), ("AUDIT", "OPERATOR")],
)
def test_the_database_refuses_what_the_service_would(first, second):
    user = make_collector("chen_wei", "陈伟", role=first)
    with pytest.raises(IntegrityError, match="never holds"), transaction.atomic():
        make_grant(user, second)
    assert Grant.objects.count() == 1


@db
def test_the_database_refuses_a_grant_for_nobody_without_end_or_of_another_reach():
    user = make_collector("sun_yi", "孙怡", role="ENTRY")
    lender, agency = make_lender(), make_agency()
    unsound = (
        ("INSPECTOR", {}),
        ("LENDER", {}),
        ("LENDER", {"lender_id": lender}),
        ("AGENCY", {"agency_id": agency}),
        ("CLOSING", {"agency_id": agency}),
        ("COLLECTOR", {}),
        ("ENTRY", {}),
    )
    for code, more in unsound:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_grant(user, code, **more)
    assert Grant.objects.count() == 1


@db
def test_a_role_never_gets_a_right_that_would_join_duties():
    with pytest.raises(IntegrityError, match="would join"), transaction.atomic():
        RoleRight.objects.create(role_id="FINANCE", right_code="TAKE_IN")
    assert not RoleRight.objects.filter(role_id="FINANCE", right_code="TAKE_IN").exists()


@db
def test_a_right_given_to_a_role_counts_for_who_holds_another():
    both = make_collector("sun_yi", "孙怡", role="ENTRY")
    make_grant(both, "INTAKE")
    with pytest.raises(IntegrityError, match="never holds"), transaction.atomic():
        RoleRight.objects.create(role_id="ENTRY", right_code="REVERSE_PAYMENTS")


@db
def test_a_new_conflict_is_refused_while_somebody_holds_both():
    make_grant(make_collector("sun_yi", "孙怡", role="ENTRY"), "INTAKE")
    with pytest.raises(IntegrityError, match="never holds"), transaction.atomic():
        DutyConflict.objects.create(right_a="CORRECT_DATA", right_b="TAKE_IN")
    assert set(queries.duty_conflicts()) == conflicts()


@db
def test_a_grant_is_neither_changed_nor_deleted():
    make_collector()
    for change in (
        "UPDATE workforce_grant SET role = 'AUDIT'",
        "UPDATE workforce_grant SET expires_on = '2099-01-01'",
        "UPDATE workforce_grant SET granted_by = user_id",
        "DELETE FROM workforce_grant",
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            connection.cursor().execute(change)
    grant = Grant.objects.get()
    assert (grant.role_id, grant.expires_on, grant.granted_by_id) == ("COLLECTOR", None, None)


@db
def test_an_ended_grant_does_not_come_back():
    make_collector()
    Grant.objects.update(ended_at=AT_TEN)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Grant.objects.update(ended_at=None)
    assert Grant.objects.get().ended_at == AT_TEN


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_join_nothing():
    """Neither sees the other's grant: the second waits for the first, and is refused then."""
    user = User.objects.create(username="sun_yi", display_name="孙怡")
    gate, told = threading.Barrier(2), []

    def operator(code: str) -> None:
        try:
            gate.wait(timeout=10)
            with as_system("tests"):
                give(user, code)
            told.append("given")
        except rules.DutiesConflict:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=operator, args=(code,)) for code in ("FINANCE", "INTAKE")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(told) == ["given", "refused"]
    assert Grant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_behind_the_product_join_nothing():
    """The trigger takes turns too: without its lock both inserts would see only themselves."""
    user = User.objects.create(username="sun_yi", display_name="孙怡")
    inserted, told = threading.Event(), []

    def second() -> None:
        inserted.wait(timeout=10)
        try:
            make_grant(user, "INTAKE")
            told.append("given")
        except IntegrityError:
            told.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        make_grant(user, "FINANCE")
        inserted.set()
        thread.join(timeout=1)  # it waits for us
        assert told == []
    thread.join(timeout=30)

    assert told == ["refused"]
    assert [grant.role_id for grant in Grant.objects.all()] == ["FINANCE"]
