"""Wu Jun, operator: enters somebody, gives a role, is refused a second, and ends an employment."""

import pytest
from playwright.sync_api import expect

from recoup.modules.workforce import queries
from recoup.modules.workforce.models import User
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import CHINESE, ENGLISH

pytestmark = pytest.mark.browser
SAID = {
    CHINESE: {
        "finance": "财务 · 所服务委托方全部",
        "intake": "数据接入 · 所服务委托方全部",
        "given": "岗位已授予，即刻生效。",
        "conflict": "不相容职责，同一人不能兼有：审批减免、核销、退款和入账、接入数据文件。",
        "left": "已离职",
    },
    ENGLISH: {
        "finance": "Finance · Everything of the lenders served",
        "intake": "Data intake · Everything of the lenders served",
        "given": "The role is given, from now on.",
        "conflict": "Decide on waivers, write-offs, refunds and postings, and Take in files.",
        "left": "Has left",
    },
}


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", SAID, ids=lambda words: words.html)
def test_a_role_is_given_a_conflicting_one_refused_and_leaving_ends_all(
    house, clock, sit_down, words, size
):
    said = SAID[words]
    people.everybody_else()
    operator = make.make_collector("wu_jun", "吴军", "OPERATOR")
    desk = sit_down(operator, words, size, has_second_factor=True).opens("/staff").fits()
    desk.page.locator("#display-name").fill("孙怡")
    desk.page.locator("#username").fill("sun_yi")
    desk.page.locator("#new-person button").click()
    expect(desk.page.locator("#first-password")).to_be_visible()
    assert not grave_findings(desk.page)
    sun = User.objects.only("pk").get(username="sun_yi")

    desk.opens(f"/staff/{sun.pk}").fits()
    desk.page.locator("#role").select_option(label=said["finance"])
    desk.page.locator("#reason").fill("新岗位")
    desk.page.locator("#give button").click()
    desk.reads(said["given"])
    desk.page.locator("#role").select_option(label=said["intake"])
    desk.page.locator("#reason").fill("替班")
    desk.page.locator("#give button").click()
    desk.reads(said["conflict"], at="#role-wrong").fits()
    assert not grave_findings(desk.page)
    assert queries.people(user_id=sun.pk)[0].roles == ("FINANCE",)

    desk.page.locator("[data-dialog=leave]").click()
    desk.page.locator("#leave button.primary").click()
    desk.reads(said["left"], at="h1").fits()
    assert queries.people(user_id=sun.pk)[0].roles == ()
