"""Wu Jun asks that closing keep no more files; Li Na approves; He Ping's page is closed to him."""

import pytest

from recoup.modules.workforce import queries
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import CHINESE, ENGLISH

pytestmark = pytest.mark.browser
SAID = {
    CHINESE: {
        "asked": "已提交，待另一人复核后生效。",
        "refused": "不相容职责，同一人不能兼有：结案、拨打、记录承诺、停催。",
        "approved": "已批准，自下一次访问起生效。",
        "closed": "您没有此项权限",
    },
    ENGLISH: {
        "asked": "Asked for. A second person decides; until then it waits.",
        "refused": "One person never holds both: Close cases, and Call, take promises, hold cases.",
        "approved": "Approved: it holds from the next page on.",
        "closed": "This needs a right you do not have",
    },
}


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", SAID, ids=lambda words: words.html)
def test_two_people_change_a_role_and_it_holds_at_the_next_page(
    house, clock, sit_down, words, size
):
    said = SAID[words]
    people.everybody_else()
    wu = make.make_collector("wu_jun", "吴军", "OPERATOR")
    li = make.make_collector("li_na", "李娜", "OPERATOR")
    he = make.make_collector("he_ping", "何平", "CLOSING")

    asks = sit_down(wu, words, size, has_second_factor=True).opens("/staff/roles").fits()
    asks.page.locator('a[href="/staff/roles/CLOSING/rights"]').click()
    asks.fits()
    assert not grave_findings(asks.page)
    asks.page.locator("[name=right][value=WORK_CASES]").check()
    asks.page.locator("#reason").fill("不再保管档案")
    asks.page.locator("#rights button").click()
    asks.reads(said["refused"], at="#rights").fits()
    asks.page.locator("[name=right][value=WORK_CASES]").uncheck()
    asks.page.locator("[name=right][value=KEEP_CUSTODY]").uncheck()
    asks.page.locator("#rights button").click()
    asks.reads(said["asked"]).fits()
    assert "KEEP_CUSTODY" in queries.role_offered("CLOSING").rights

    decides = sit_down(li, words, size, has_second_factor=True).opens("/staff/roles").fits()
    assert not grave_findings(decides.page)
    decides.page.locator("#waiting input[name=reason]").fill("同意")
    decides.page.locator("#waiting button[value=approve]").click()
    decides.reads(said["approved"]).fits()
    assert queries.role_offered("CLOSING").rights == {"SEE_CASES", "CLOSE_CASES"}

    sit_down(he, words, size).opens("/custody").reads(said["closed"], at="main")
