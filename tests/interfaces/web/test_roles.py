"""The page of roles: one operator asks for other rights, another approves; never one alone."""

import pytest
from django.test import Client

from recoup.foundation.access import entering
from recoup.modules.workforce import queries
from recoup.modules.workforce.models import Role as RoleRow
from recoup.modules.workforce.models import RoleChange, User
from tests import factories
from tests.interfaces.web.mornings import signed_in
from tests.interfaces.web.story import words
from tests.interfaces.web.test_staff import strengthen

pytestmark = pytest.mark.django_db
LESS = {"right": ["SEE_CASES", "CLOSE_CASES"], "reason": "不再保管档案"}


def operator(username: str, name: str, language: str = "zh-hans") -> Client:
    client = signed_in(factories.make_collector(username, name, role="OPERATOR"), language)
    strengthen(client)
    return client


@pytest.fixture
def wu(at_ten) -> Client:
    return operator("wu_jun", "吴军")


@pytest.fixture
def li(at_ten) -> Client:
    return operator("li_na", "李娜")


def closing() -> set[str]:
    return set(queries.role_offered("CLOSING").rights)


def decide(client: Client, decision: str, reason: str = "同意") -> str:
    change = RoleChange.objects.latest("id")
    answer = client.post(
        f"/staff/roles/changes/{change.pk}", {"decision": decision, "reason": reason}, follow=True
    )
    return words(answer.text)


def test_one_asks_another_approves_and_the_page_says_so(wu, li):
    asked = wu.post("/staff/roles/CLOSING/rights", LESS, follow=True)
    assert "已提交，待另一人复核后生效。" in asked.text
    assert "由您提出，须由同事复核。" in asked.text
    assert "KEEP_CUSTODY" in closing()
    assert "已批准，自下一次访问起生效。" in decide(li, "approve")
    assert closing() == {"SEE_CASES", "CLOSE_CASES"}
    page = words(wu.get("/staff/roles").text)
    assert "历次变更" in page
    assert "已批准 李娜" in page


def test_what_was_taken_is_closed_at_the_next_request(wu, li):
    he = signed_in(factories.make_collector("he_ping", "何平", role="CLOSING"))
    assert he.get("/custody").status_code == 200
    wu.post("/staff/roles/CLOSING/rights", LESS)
    decide(li, "approve")
    assert he.get("/custody").status_code == 403


def test_ones_own_change_is_only_withdrawn(wu):
    wu.post("/staff/roles/CLOSING/rights", LESS)
    assert "变更由您提出，须由他人复核。" in decide(wu, "approve")
    assert "KEEP_CUSTODY" in closing()
    assert "已撤回，权限未变。" in decide(wu, "withdraw")
    assert RoleChange.objects.get().state == "WITHDRAWN"


def test_a_refusal_says_why_and_a_second_click_changes_nothing(wu, li):
    wu.post("/staff/roles/CLOSING/rights", LESS)
    assert "请填写原因" in decide(li, "approve", reason="  ")
    assert "已拒绝，岗位权限不变。" in decide(li, "refuse", reason="仍需保管")
    assert "该变更已复核或已撤回。" in decide(li, "approve")
    assert "KEEP_CUSTODY" in closing()


@pytest.mark.parametrize(
    ("role", "typed", "said"),
    [
        ("CLOSING", {"right": ["SEE_CASES", "CLOSE_CASES", "KEEP_CUSTODY"]}, "没有变更"),
        ("CLOSING", {"right": ["CLOSE_CASES", "WORK_CASES"]}, "不相容职责"),
        ("CLOSING", {"right": ["FLY"]}, "请从列表中选择权限。"),
        ("CLOSING", {"right": ["SEE_CASES"], "reason": " "}, "请填写原因"),
        ("OPERATOR", {"right": ["OPERATE"]}, "能管理人员的不足两人"),
        ("OPERATOR", {"right": ["MANAGE_STAFF", "OPERATE", "KEEP_CUSTODY"]}, "您持有该岗位"),
        ("LENDER", {"right": ["SEE_CASES", "OPERATE"]}, "外部人员的岗位不得有此项权限"),
    ],
)
def test_an_unsound_change_is_said_on_the_form_and_asks_nothing(wu, role, typed, said):
    answer = wu.post(f"/staff/roles/{role}/rights", {"reason": "x"} | typed)
    assert answer.status_code == 422
    assert said in answer.text
    for right in set(typed["right"]) - {"FLY"}:
        assert f'value="{right}" checked' in answer.text
    assert not RoleChange.objects.exists()


def test_a_role_of_ones_own_is_made_and_offered(wu, li):
    form = {"name": "夜班结案", "right": ["SEE_CASES"], "reason": "夜班"}
    assert wu.post("/staff/roles/CLOSING/copy", form).status_code == 302
    decide(li, "approve")
    sun = User.objects.create(username="sun_yi", display_name="孙怡")
    code = f"OWN_{RoleChange.objects.get().pk}"
    given = wu.post(f"/staff/{sun.pk}/roles", {"role": code, "reason": "夜班"})
    assert given.status_code == 302
    assert "夜班结案" in words(wu.get("/staff").text)
    entering.leave()
    assert signed_in(User.objects.get(pk=sun.pk)).get("/search?q=x").status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "finance", "夜班"])
def test_a_role_without_a_name_of_its_own_is_refused(wu, name):
    RoleRow.objects.create(code="OWN_9", name="夜班", reach="ALL", based_on="CLOSING")
    form = {"name": name, "right": ["SEE_CASES"], "reason": "x"}
    answer = wu.post("/staff/roles/CLOSING/copy", form)
    assert answer.status_code == 422
    assert "未被使用的名称" in answer.text
    assert not RoleChange.objects.exists()


@pytest.mark.parametrize("address", ["/staff/roles/KING/rights", "/staff/roles/SERVICE/copy"])
def test_what_is_no_role_or_not_copied_is_not_there(wu, address):
    assert wu.get(address).status_code == 404
    assert wu.post(address, LESS).status_code == 404


def test_a_service_account_gets_no_password_and_only_its_own_role(wu):
    answer = wu.post(
        "/staff/new",
        {"display_name": "银行接口", "username": "bank", "is_service": "on"},
        follow=True,
    )
    bank = User.objects.get(username="bank")
    assert (bank.is_service, bank.takes_cases) == (True, False)
    assert "first-password" not in answer.text
    assert 'value="SERVICE"' in answer.text
    assert 'value="FINANCE"' not in answer.text
    refused = wu.post(f"/staff/{bank.pk}/roles", {"role": "FINANCE", "reason": "x"})
    assert refused.status_code == 422
    assert "服务账号只能授予" in refused.text


def test_the_form_reads_in_english(at_ten):
    page = operator("wu_jun", "吴军", "en").get("/staff/roles/CLOSING/rights")
    assert "Rights of Closing" in page.text
    assert "Keep paper files and keys" in page.text
