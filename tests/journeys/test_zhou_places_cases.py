"""Zhou Fang places two ticked cases with an agency; Luo Bing there sees them; both come back."""

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.portfolio import FRIDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import CHINESE, ENGLISH

pytestmark = pytest.mark.browser
SAID = {
    CHINESE: {
        "chosen": "2 件 · 逾期",
        "none": "没有选中在催案件。",
        "placed": "已委案 2 件，即刻生效。",
        "back": "已退案 2 件",
    },
    ENGLISH: {
        "chosen": "2 cases · overdue",
        "none": "No live case is chosen.",
        "placed": "2 cases are placed with the agency, from now on.",
        "back": "2 cases are taken back",
    },
}


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", SAID, ids=lambda words: words.html)
def test_two_cases_go_to_an_agency_and_come_back(house, clock, sit_down, words, size):
    said = SAID[words]
    people.liu_min()
    zhou = people.everybody_else()["zhou"]
    agency = make.make_agency()
    luo = make.make_collector("luo_bing", "罗兵", "AGENCY", agency_id=agency)
    debtors = (people.zhao_8_days(), people.wang_38_days(), people.sun_100_days())
    clock.night_passes(FRIDAY)

    leads = sit_down(zhou, words, size).opens("/cases?of=all").fits()
    assert not grave_findings(leads.page)
    leads.page.locator("#pick button[value=ticked]").click()
    leads.reads(said["none"]).fits()
    leads.page.go_back()
    leads.page.locator("[name=case]").nth(0).check()
    leads.page.locator("[name=case]").nth(1).check()
    leads.page.locator("#pick button[value=ticked]").click()
    leads.reads(said["chosen"], at="#chosen").fits()
    assert not grave_findings(leads.page)
    leads.page.locator("#agency").select_option(label="华信催收")
    leads.page.locator("#place button.primary").click()
    leads.reads(said["placed"]).fits()

    collects = sit_down(luo, words, size).opens("/cases").fits()
    expect(collects.page.locator("#cases a.rowlink")).to_have_count(2)
    collects.does_not_read(debtors[0].masked, at="#cases")

    leads.opens(f"/cases?of=all&agency={agency}").fits()
    leads.page.locator("#pick button[value=all]").click()
    leads.page.locator("#back button").click()
    leads.reads(said["back"])
    collects.opens("/cases").fits()
    expect(collects.page.locator("#cases a.rowlink")).to_have_count(0)
