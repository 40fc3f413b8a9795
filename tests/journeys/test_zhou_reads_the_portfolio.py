"""Zhou Fang, team leader: how the portfolio stands, what moved, who has worked what."""

import pytest
from playwright.sync_api import expect

from recoup.modules.ledger.models import Payment
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY, SATURDAY
from tests.journeys.words import BOTH

pytestmark = pytest.mark.browser


@pytest.fixture
def zhou(house, clock):
    """Two nights: Zhao paid and was cured, Wang went from M2 to M3, and a week has passed."""
    liu = people.liu_min()
    leader = people.everybody_else()["zhou"]
    zhao, _, _ = people.zhao_8_days(), people.wang_38_days(), people.john_one_late()
    clock.night_passes(FRIDAY)
    Payment.objects.create(
        contract_id=zhao.contract_id, value_on=FRIDAY, amount_minor=5_415_12, currency="CNY",
        channel="TRANSFER", received_at=clock.at,
    )  # fmt: skip
    clock.night_passes(SATURDAY)
    assert liu.takes_cases
    return leader


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_arrears_by_bucket_flow_and_work_each_open_to_their_lists(zhou, sit_down, words):
    desk = sit_down(zhou, words).opens("/")
    desk.page.get_by_role("link", name=words.team).click()

    arrears = desk.page.locator("#arrears-CNY tbody tr").filter(has_text="M2")
    expect(arrears).to_contain_text("10,888.83")
    expect(desk.page.locator("#arrears-USD")).to_contain_text("1,234.56")
    expect(desk.page.locator("#flow-CNY .legend")).to_contain_text(words.one_cured)
    expect(desk.page.locator("#collectors")).to_contain_text("0 / 2")

    arrears.get_by_role("link").click()
    desk.reads("王*强", at="#cases").does_not_read("J***", at="#cases")
    desk.page.go_back()
    desk.page.locator("#collectors").get_by_role("link", name="刘敏").click()
    assert sorted(desk.worklist()) == ["J*** S***", "王*强"]
    expect(desk.button(words.next_case)).to_have_count(0)
