"""Sun Fang of the archive lends a paper file; the next morning it is missed, and comes back."""

import pytest
from playwright.sync_api import expect

from recoup.modules.custody.models import Item, Movement
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.portfolio import FRIDAY, SATURDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import BOTH

pytestmark = pytest.mark.browser
SAID = {
    "zh-Hans": {
        "enter": "登记", "lend": "借出", "today": "今日应还", "late": "逾期 1 天",
        "missed": "逾期未还", "back": "确认归还", "here": "在库",
        "refused": "没有此登录名或工号的在职人员。",
    },
    "en": {
        "enter": "Enter it", "lend": "Lend it", "today": "Due back today", "late": "1 day late",
        "missed": "Not brought back", "back": "It is back", "here": "Here",
        "refused": "Nobody who works here has this name or number.",
    },
}  # fmt: skip


@pytest.fixture
def sun(house, clock):
    """The keeper, on a Friday on which Wang's paper file has come in."""
    people.liu_min()
    people.wang_38_days()
    clock.night_passes(FRIDAY)
    return make.make_collector("sun_fang", "孙芳", role="ENTRY", employee_number="4004")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_a_file_is_entered_lent_missed_and_taken_back(sun, sit_down, clock, words, size):
    said = SAID[next(key for key in SAID if words.html.startswith(key[:2]))]
    zhou = people.everybody_else()["zhou"]
    desk = sit_down(sun, words, size).opens("/custody/new").fits()
    page = desk.page
    assert grave_findings(page) == []
    page.locator("#label").fill("A-117302")
    page.locator("#contract").fill("AF2024-117302")
    page.locator("#place").fill("档案室 3 柜 2 层")
    desk.button(said["enter"]).click()
    desk.reads("A-117302", at="h1").reads(said["here"], at="body").fits()

    assert grave_findings(page) == []
    page.locator("#borrower").fill("nobody")
    page.locator("#reason").fill("法院核对原件")
    desk.button(said["lend"]).click()
    desk.reads(said["refused"])
    assert Movement.objects.count() == 1
    expect(page.locator("#reason")).to_have_value("法院核对原件")
    page.locator("#borrower").fill("liu_min")
    desk.button(said["lend"]).click()
    desk.reads(said["today"]).reads("刘敏", at="#thing")
    assert grave_findings(page) == []
    desk.opens("/custody").reads(said["today"], at="#things").fits()

    clock.night_passes(SATURDAY)
    desk = sit_down(sun, words, size).opens("/custody").reads(said["late"], at="#things").fits()
    assert grave_findings(desk.page) == []
    leader = sit_down(zhou, words, size).opens("/team")
    leader.reads(said["missed"], at="#custody-overdue").reads("A-117302", at="#custody-overdue")
    leader.fits()

    desk.page.locator("#things").get_by_role("link", name="A-117302").click()
    desk.button(said["back"]).click()
    desk.reads(said["here"])
    assert Item.objects.get().state == "IN"
    leader.opens("/team")
    expect(leader.page.locator("#custody-overdue")).to_have_count(0)
