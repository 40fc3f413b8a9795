"""Giving roles and ending them: for whom, until when, by whom, and what somebody then may."""

from datetime import date, timedelta

import pytest
from django.db import connection

from recoup.foundation.access.context import Access, NotAllowed, SecondFactorNeeded, held
from recoup.foundation.access.rights import Right
from recoup.modules.workforce import queries, rules, services
from recoup.modules.workforce.models import Grant, User
from recoup.modules.workforce.rules import StaffRole
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    make_agency,
    make_collector,
    make_lender,
)

pytestmark = pytest.mark.django_db
TOMORROW = BUSINESS_DAY + timedelta(days=1)


def somebody(username: str = "sun_yi", **more: object) -> User:
    """Sun Yi, who has no role yet."""
    return User.objects.create(username=username, display_name="孙怡", **more)


def give(user: User, role: str, **more: object) -> None:
    facts = {"reason": "新岗位", "actor_id": None, "at": AT_TEN, "today": BUSINESS_DAY} | more
    services.grant(user_id=user.pk, role=StaffRole(role), **facts)


def access_of(user: User, day: date = BUSINESS_DAY) -> dict[str, object] | None:
    """What the database answers: the policies ask the same function."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM workforce_access(%s, %s)", [user.pk, day])
        row = cursor.fetchone()
        return row and dict(zip([c.name for c in cursor.description], row, strict=True))


def test_a_role_is_given_with_who_when_and_why():
    operator, sun = make_collector("wu_jun", "吴军", role="OPERATOR"), somebody()
    give(sun, "FINANCE", actor_id=operator.pk, expires_on=TOMORROW, reason=" 替班 ")

    (row,) = queries.grants(user_id=sun.pk)
    assert (row.role, row.granted_by, row.granted_at, row.reason, row.expires_on) == (
        "FINANCE", "吴军", AT_TEN, "替班", TOMORROW,
    )  # fmt: skip
    assert row.ended_at is None
    given = access_of(sun)
    finance = {"SEE_CASES", "POST_PAYMENTS", "REVERSE_PAYMENTS", "APPROVE_MONEY", "EXPORT"}
    assert set(given["rights"]) == finance
    assert given["reach"] == "ALL"


def test_a_role_ends_by_itself_after_its_last_day():
    sun = somebody()
    give(sun, "INSPECTOR", expires_on=TOMORROW)

    assert access_of(sun, TOMORROW)
    assert access_of(sun, TOMORROW + timedelta(days=1)) is None


def test_a_role_is_taken_back_at_once_and_stays_in_the_history():
    sun, operator = somebody(), make_collector("wu_jun", "吴军", role="OPERATOR")
    give(sun, "FINANCE")
    services.end_grant(grant_id=Grant.objects.get(user=sun).pk, actor_id=operator.pk, at=AT_TEN)

    assert access_of(sun) is None
    (row,) = queries.grants(user_id=sun.pk)
    assert (row.ended_at, row.ended_by) == (AT_TEN, "吴军")


def test_leaving_closes_the_sign_in_and_ends_every_role():
    zhang = make_collector("zhang_min", "张敏")
    services.end_employment(user_id=zhang.pk, actor_id=None, at=AT_TEN)

    zhang.refresh_from_db()
    assert (zhang.is_active, zhang.takes_cases) == (False, False)
    assert access_of(zhang) is None
    assert not Grant.objects.filter(ended_at=None).exists()


def test_without_any_role_nothing_is_open():
    assert access_of(somebody()) is None


def test_somebody_inactive_may_nothing_even_with_a_standing_role():
    zhang = make_collector("zhang_min", "张敏", is_active=False)
    assert access_of(zhang) is None


@pytest.mark.parametrize(
    ("role", "more", "refusal"),
    [
        ("INSPECTOR", {}, rules.UntilMissing),
        ("FINANCE", {"expires_on": BUSINESS_DAY - timedelta(days=1)}, rules.UntilPast),
        ("FINANCE", {"reason": "  "}, rules.GrantReasonMissing),
        ("LENDER", {}, rules.ForWhomMissing),
        ("AGENCY", {}, rules.ForWhomMissing),
    ],
)
def test_an_unsound_grant_is_refused_and_leaves_nothing(role, more, refusal):
    sun = somebody()
    with pytest.raises(refusal):
        give(sun, role, **more)
    assert not Grant.objects.exists()


def test_an_agency_is_named_by_an_agencys_role_alone():
    sun, agency = somebody(), make_agency()
    with pytest.raises(rules.ForWhomMissing):
        give(sun, "FINANCE", agency_id=agency)
    give(sun, "AGENCY", agency_id=agency)

    given = access_of(sun)
    assert (given["reach"], given["agency_id"]) == ("AGENCY", agency)


def test_the_same_role_twice_is_refused():
    sun = somebody()
    give(sun, "FINANCE")
    with pytest.raises(rules.GrantKnown):
        give(sun, "FINANCE")
    assert Grant.objects.count() == 1


def test_a_role_that_is_over_stands_in_nobodys_way():
    sun = somebody()
    give(sun, "FINANCE", expires_on=BUSINESS_DAY)
    give(sun, "LEADER", today=TOMORROW)

    assert set(access_of(sun, TOMORROW)["roles"]) == {"LEADER"}


def test_reach_is_never_mixed():
    sun, lender = somebody(), make_lender()
    give(sun, "LENDER", lender_ids=(lender,))
    with pytest.raises(rules.ReachDiffers):
        give(sun, "INTAKE")
    assert Grant.objects.count() == 1


def test_nobody_gives_or_ends_their_own_role_or_leaves_alone():
    operator = make_collector("wu_jun", "吴军", role="OPERATOR")
    with pytest.raises(rules.GrantToOneself):
        give(operator, "AUDIT", actor_id=operator.pk)
    with pytest.raises(rules.GrantToOneself):
        services.end_grant(grant_id=Grant.objects.get().pk, actor_id=operator.pk, at=AT_TEN)
    with pytest.raises(rules.GrantToOneself):
        services.end_employment(user_id=operator.pk, actor_id=operator.pk, at=AT_TEN)
    assert Grant.objects.filter(ended_at=None).count() == 1


def test_nobody_who_left_or_never_was_gets_a_role():
    gone = somebody(is_active=False)
    for user_id in (gone.pk, 987_654_321):
        with pytest.raises(rules.PersonUnknown):
            services.grant(
                user_id=user_id, role=StaffRole.FINANCE, reason="x", actor_id=None,
                at=AT_TEN, today=BUSINESS_DAY,
            )  # fmt: skip
    assert not Grant.objects.exists()


def test_with_two_roles_the_lenders_are_those_of_both():
    """Else entry's right to correct would reach the lender that only intake was granted for."""
    sun = somebody()
    anda, bao, chang = (make_lender(code, code) for code in ("anda", "bao", "chang"))
    give(sun, "INTAKE", lender_ids=(anda, bao))
    assert access_of(sun)["lender_ids"] == [anda, bao]
    give(sun, "ENTRY", lender_ids=(bao, chang))
    assert access_of(sun)["lender_ids"] == [bao]
    give(sun, "CLOSING")
    assert access_of(sun)["lender_ids"] == [bao]


def test_without_a_lender_a_role_is_for_every_lender_of_the_installation():
    sun = somebody()
    give(sun, "FINANCE")
    anda, bao = make_lender("anda"), make_lender("bao")
    assert access_of(sun)["lender_ids"] == [anda, bao]


@pytest.mark.parametrize(
    ("access", "refusal"),
    [
        (Access(user_id=1, rights=frozenset(set(Right) - {Right.MANAGE_STAFF})), NotAllowed),
        (Access(user_id=1, rights=frozenset({Right.MANAGE_STAFF})), SecondFactorNeeded),
    ],
)
def test_only_who_manages_staff_with_a_second_factor_changes_anything(access, refusal):
    sun = make_collector()
    grant_id = Grant.objects.get().pk
    with held(access):
        for act in (
            lambda: give(sun, "FINANCE"),
            lambda: services.end_grant(grant_id=grant_id, actor_id=1, at=AT_TEN),
            lambda: services.end_employment(user_id=sun.pk, actor_id=1, at=AT_TEN),
            lambda: services.add_person(
                username="x", password="x", display_name="x", employee_number="",
                team_id=None, takes_cases=False,
            ),
        ):  # fmt: skip
            with pytest.raises(refusal):
                act()
    assert (Grant.objects.filter(ended_at=None).count(), User.objects.count()) == (1, 1)
    assert User.objects.get().is_active


def test_a_taken_name_is_refused():
    make_collector("liu_min")
    with pytest.raises(rules.NameTaken):
        services.add_person(
            username="liu_min", password="x", display_name="别人", employee_number="",
            team_id=None, takes_cases=False,
        )  # fmt: skip
    assert User.objects.get().display_name == "刘敏"


def test_the_people_are_listed_with_the_roles_that_stand():
    make_collector("zhang_min", "张敏", employee_number="1")
    gone = make_collector("li_gang", "李刚", employee_number="0")
    services.end_employment(user_id=gone.pk, actor_id=None, at=AT_TEN)

    rows = queries.people()
    assert [(row.name, row.roles, row.is_active) for row in rows] == [
        ("张敏", ("COLLECTOR",), True),
        ("李刚", (), False),
    ]
    assert queries.people(user_id=gone.pk)[0].name == "李刚"
