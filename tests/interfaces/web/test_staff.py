"""The operator's pages: people, roles given and ended, somebody leaves; nobody else sees them."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from recoup.foundation.access import entering
from recoup.interfaces.web.entering import SECOND_FACTOR
from recoup.modules.workforce import queries
from recoup.modules.workforce.models import Grant, User
from tests import factories
from tests.interfaces.web.mornings import signed_in
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db


class Desk:
    """Wu Jun, an operator, signed in with a second factor."""

    def __init__(self, language: str = "zh-hans") -> None:
        self.operator = factories.make_collector("wu_jun", "吴军", role="OPERATOR")
        self.client = signed_in(self.operator, language)
        strengthen(self.client)

    def give(self, user: User, **typed: str):
        address = f"/staff/{user.pk}/roles"
        return self.client.post(address, {"role": "FINANCE", "reason": "新岗位"} | typed)

    def page(self, user: User) -> str:
        return words(self.client.get(f"/staff/{user.pk}").text)


def strengthen(client: Client) -> None:
    session = client.session
    session[SECOND_FACTOR] = 1
    session.save()


@pytest.fixture
def desk(at_ten):
    return Desk()


def sun_yi() -> User:
    return User.objects.create(username="sun_yi", display_name="孙怡")


def test_everybody_is_listed_with_their_roles(desk):
    factories.make_collector("liu_min", "刘敏")
    page = words(desk.client.get("/staff").text)
    assert "刘敏 liu_min" in page
    assert "催收员" in page
    assert "运营" in page


def test_somebody_new_gets_a_password_that_is_shown_once_and_opens(desk):
    answer = desk.client.post(
        "/staff/new",
        {"display_name": "孙怡", "username": "Sun_Yi", "employee_number": "2011", "team": ""},
    )
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    sun = User.objects.only("pk").get(username="sun_yi")
    password = answer.context["first_password"]
    assert password in answer.text
    entering.leave()  # as the pool does between two requests
    signs_in = Client().post(
        "/login", {"username": "sun_yi", "login": "sun_yi", "password": password}
    )
    assert signs_in.status_code == 302
    assert password not in desk.client.get(f"/staff/{sun.pk}").text
    assert not Grant.objects.filter(user=sun).exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"display_name": "", "username": "x"}, "必填"),
        ({"display_name": "别人", "username": "wu_jun"}, "该登录名已被使用"),
    ],
)
def test_somebody_unsound_is_refused_and_what_was_typed_stays(desk, typed, said):
    answer = desk.client.post("/staff/new", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed["username"]}"' in answer.text
    assert User.objects.count() == 1


def test_a_role_is_given_and_ended(desk):
    sun = sun_yi()
    assert desk.give(sun, expires_on="2026-12-31").status_code == 302
    page = desk.page(sun)
    assert "财务 全部委托方 2026-12-31" in page
    assert "吴军" in page
    grant = Grant.objects.get(user=sun)
    assert desk.client.post(f"/staff/{sun.pk}/roles/{grant.pk}/end").status_code == 302
    grant.refresh_from_db()
    assert grant.ended_by_id == desk.operator.pk
    assert "已于" in desk.page(sun)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"role": ""}, "请选择岗位。"),
        ({"role": "KING"}, "请选择岗位。"),
        ({"reason": " "}, "请填写原因"),
        ({"expires_on": "2026-02-30"}, "请按“年-月-日”填写日期"),
        ({"expires_on": "2026-11-19"}, "最后有效日已过"),
        ({"role": "INSPECTOR"}, "该岗位只能限期授予"),
        ({"role": "LENDER"}, "委托方岗位须选委托方"),
        ({"role": "INTAKE"}, "同一人不能兼有：审批减免、核销、退款和入账、接入数据文件。"),
        ({"role": "LEADER"}, "不相容职责"),
        ({"role": "COLLECTOR"}, "另一数据范围"),
    ],
)
def test_an_unsound_role_is_refused_beside_its_field(desk, typed, said):
    chen = factories.make_collector("chen_wei", "陈伟", role="FINANCE")
    answer = desk.give(chen, **typed)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert [g.role_id for g in Grant.objects.filter(user=chen)] == ["FINANCE"]


def test_an_operator_does_not_change_their_own_rights(desk):
    page = desk.page(desk.operator)
    assert "不能更改自己的权限" in page
    grant = Grant.objects.get(user=desk.operator)
    assert desk.give(desk.operator, role="ENTRY").status_code == 422
    end = desk.client.post(f"/staff/{desk.operator.pk}/roles/{grant.pk}/end")
    leave = desk.client.post(f"/staff/{desk.operator.pk}/leave")
    assert (end.status_code, leave.status_code) == (422, 422)
    desk.operator.refresh_from_db()
    assert desk.operator.is_active
    assert list(Grant.objects.filter(ended_at=None)) == [grant]


def test_whoever_leaves_is_out_with_their_next_request(desk):
    liu = factories.make_collector("liu_min", "刘敏")
    browser = signed_in(liu)
    factories.make_finished_night()
    assert browser.get("/").status_code == 200
    assert desk.client.post(f"/staff/{liu.pk}/leave").status_code == 302
    assert browser.get("/")["Location"].startswith("/login")
    assert "已离职" in desk.page(liu)


def test_a_role_that_ends_closes_the_page_with_the_next_request(desk):
    liu = factories.make_collector("liu_min", "刘敏")
    browser = signed_in(liu)
    factories.make_finished_night()
    assert browser.get("/cases").status_code == 200
    grant = Grant.objects.get(user=liu)
    desk.client.post(f"/staff/{liu.pk}/roles/{grant.pk}/end")
    assert browser.get("/cases").status_code == 403


def test_the_roles_are_shown_as_the_data_says(desk):
    page = words(desk.client.get("/staff/roles").text)
    assert "组长 所服务委托方全部" in page
    assert "不相容职责" in page


def test_who_must_have_a_second_factor_and_has_none_is_marked_and_kinds_are_shown(desk):
    chen = factories.make_collector("chen_wei", "陈伟", role="FINANCE")
    liu = factories.make_collector("liu_min", "刘敏")
    assert "第二重验证: 未设置" in desk.page(chen)
    assert "未设置" not in desk.page(liu)
    Authenticator.objects.create(user=chen, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=chen, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert "第二重验证: 身份验证器" in desk.page(chen)
    assert "未设置" not in desk.page(chen)


def test_nobody_else_learns_who_has_a_second_factor(at_ten):
    chen = factories.make_collector("chen_wei", "陈伟", role="FINANCE")
    Authenticator.objects.create(user=chen, type=Authenticator.Type.TOTP, data={})
    for role, is_strong in (("LEADER", True), ("OPERATOR", False), ("OPERATOR", True)):
        user = factories.make_collector(f"{role}_{is_strong}".lower(), role=role)
        entering.enter(user.pk, on=factories.BUSINESS_DAY, has_second_factor=is_strong)
        told = queries.people(user_id=chen.pk)[0].factors
        assert told == (("totp",) if (role, is_strong) == ("OPERATOR", True) else ())


def test_nobody_of_this_number_is_not_found(desk):
    assert desk.client.get("/staff/999999").status_code == 404
    assert desk.give(User(pk=999_999)).status_code == 404


def test_in_english():
    desk = Desk("en")
    chen = factories.make_collector("chen_wei", "Chen Wei", role="FINANCE")
    answer = desk.give(chen, role="INTAKE")
    said = (
        "One person never holds both: "
        "Decide on waivers, write-offs, refunds and postings, and Take in files."
    )
    assert said in words(answer.text)
