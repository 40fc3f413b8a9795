"""Chen Wei of finance asks for a waiver, Zhou Fang grants it, and the borrower owes less."""

import os

import pytest
from playwright.sync_api import expect

from recoup.modules.approvals.models import Limit, Request
from recoup.modules.ledger.models import Adjustment
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.portfolio import FRIDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import CHINESE, ENGLISH

pytestmark = pytest.mark.browser
SAID = {
    CHINESE: {
        "waits": "由第二人审批后办理",
        "effect": "减免罚息",
        "too_much": "账户上此项只有",
        "granted": "已批准并办理",
        "nothing": "暂无申请",
        "why": "请用几个字说明原因",
        "refused": "已驳回",
    },
    ENGLISH: {
        "waits": "a second person decides",
        "effect": "of penalty is let go of",
        "too_much": "is there on the account",
        "granted": "Granted and done",
        "nothing": "Nothing here",
        "why": "Say why in a few words",
        "refused": "Refused; nothing was done.",
    },
}
PICTURES = os.environ.get("RECOUP_PICTURES", "")


def picture(desk, name: str) -> None:
    if PICTURES:
        size = desk.page.viewport_size["width"]
        path = f"{PICTURES}/{name}-{desk.words.html}-{size}.png"
        desk.page.screenshot(path=path, full_page=True)


@pytest.fixture
def wang(house, clock):
    """Wang Xiaoqiang owes ¥10,885.05 on Friday, ¥85.05 of it penalty; nobody waives alone."""
    people.liu_min()
    debtor = people.wang_38_days()
    clock.night_passes(FRIDAY)
    Limit.objects.filter(kind="WAIVER").update(alone_minor=0)
    return debtor


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", SAID, ids=lambda words: words.html)
def test_a_waiver_is_asked_for_granted_and_seen_on_the_account(wang, sit_down, words, size):
    said, staff = SAID[words], people.everybody_else()
    chen = sit_down(staff["chen"], words, size, has_second_factor=True)
    chen.opens_account(wang.contract_id).reads("10,885.05", at="#overdue").presses("w")
    asks(chen, "85.06")
    chen.reads(said["too_much"], at="#amount-wrong").fits()
    picture(chen, "ask")
    assert not Request.objects.exists()
    asks(chen, "85.05")
    chen.reads(said["waits"]).reads("85.05", at="#requests").reads(
        "10,885.05", at="#overdue"
    ).fits()

    zhou = sit_down(staff["zhou"], words, size, has_second_factor=True).opens("/approvals").fits()
    zhou.reads("借款人住院治疗", at="#chosen").reads(said["effect"], at="#chosen")
    picture(zhou, "inbox")
    assert not grave_findings(zhou.page)
    zhou.presses("x").reads(said["why"])
    assert Request.objects.get().state == "ASKED"
    zhou.presses("g").reads(said["granted"]).reads(said["nothing"]).fits()
    picture(zhou, "inbox-empty")
    picture(zhou.opens("/approvals?show=decided").fits(), "decided")
    assert Adjustment.objects.get().recorded_by == staff["zhou"].pk

    chen.opens_account(wang.contract_id).reads("10,800.00", at="#overdue")
    chen.reads(said["granted"], at="#requests").reads("借款人住院治疗", at="#requests").fits()
    picture(chen, "account")
    assert not grave_findings(chen.page)


def test_what_is_refused_leaves_the_account_as_it_was(wang, sit_down):
    said, staff = SAID[CHINESE], people.everybody_else()
    chen = sit_down(staff["chen"], CHINESE, has_second_factor=True)
    chen.opens_account(wang.contract_id).presses("w").reads("85.05", at="#ask")
    assert not grave_findings(chen.page)
    asks(chen, "85.05")

    zhou = sit_down(staff["zhou"], CHINESE, has_second_factor=True).opens("/approvals")
    zhou.presses("r")
    expect(zhou.page.locator("#reason")).to_be_focused()
    zhou.types("材料不齐全").presses("Tab", "Tab", "Enter").reads(said["refused"])

    chen.opens_account(wang.contract_id).reads("10,885.05", at="#overdue")
    chen.reads("材料不齐全", at="#requests")
    assert not Adjustment.objects.exists()


def asks(desk, amount: str) -> None:
    """Fill in what is asked for, by keyboard from the amount on."""
    desk.page.locator("#amount").fill(amount)
    desk.page.locator("#reason").fill("借款人住院治疗")
    desk.presses("Control+Enter")
