"""Liu Min: what is masked, held or promised without a call is an act, with a reason on record."""

import pytest
from playwright.sync_api import expect

from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.parties.models import Reveal
from recoup.modules.plans.models import Promise
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY
from tests.journeys.words import BOTH, CHINESE

pytestmark = pytest.mark.browser


@pytest.fixture
def wang_desk(house, clock, sit_down):
    """The case of Wang Xiaoqiang is open before her, in the language asked for."""
    liu = people.liu_min()
    wang = people.wang_38_days()
    clock.night_passes(FRIDAY)
    return lambda words: sit_down(liu, words).opens_case(wang.contract_id)


def gives_a_reason(desk, dialog, reason):
    """Type the reason and send the dialog by keyboard."""
    box = desk.page.locator(f"#{dialog}")
    expect(box).to_be_visible()
    desk.tabs_to(box.locator("textarea")).types(reason)
    desk.tabs_to(box.locator(".primary")).presses("Enter")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_the_file_is_masked_until_she_says_why_and_again_when_she_comes_back(wang_desk, words):
    desk = wang_desk(words)
    for secret in ("王小强", "13812346021", "沪A58K21", "LSVAA4187E2184321"):
        assert secret not in desk.page.content()

    desk.presses("u")
    gives_a_reason(desk, "show-in-full", "客户要求核对号码")
    desk.reads("王小强", at="#debtor").reads("13812346021", at="#debtor")
    desk.reads("沪A58K21", at="#vehicle").reads("客户要求核对号码", at="#history")
    shown = TimelineEntry.objects.get(kind="PERSONAL_DATA_SHOWN")
    assert shown.facts["reason"] == "客户要求核对号码"

    desk.opens("/").opens_case(shown.contract_id).does_not_read("13812346021")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_the_number_to_be_called_is_one_key_away_and_nothing_else_is_shown(wang_desk, words):
    desk = wang_desk(words)
    desk.presses("v").reads("13812346021", at="#debtor")
    for secret in ("王小强", "沪A58K21", "LSVAA4187E2184321"):
        assert secret not in desk.page.content()
    seen = Reveal.objects.get()
    assert (seen.purpose, seen.reason) == ("CALL", "")

    shown = TimelineEntry.objects.get(kind="PERSONAL_DATA_SHOWN")
    desk.opens("/").opens_case(shown.contract_id)
    desk.does_not_read("13812346021")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_a_held_case_is_closed_to_calls_until_it_is_released(wang_desk, words):
    desk = wang_desk(words)
    desk.page.locator("[data-dialog=hold]").press("Enter")
    gives_a_reason(desk, "hold", "客户住院")
    desk.reads("客户住院", at="#history").does_not_read(words.may_call, at="#gate")
    assert Case.objects.get().state == "HELD"

    desk.says_the_result("7").presses("Control+Enter").reads(words.on_hold, at="#composer")
    assert not TimelineEntry.objects.filter(kind="CALL_LOGGED").exists()

    desk.page.locator("[data-dialog=release]").press("Enter")
    gives_a_reason(desk, "release", "家属来电")
    desk.reads(words.may_call, at="#gate")
    assert Case.objects.get().state == "OPEN"


def test_a_promise_by_letter_is_taken_without_a_call(wang_desk):
    desk = wang_desk(CHINESE)
    desk.page.locator("[data-dialog=promise]").press("Enter")
    desk.page.locator("#promise-amount").fill("5,400.00")
    desk.page.locator("#promise-due").fill("2026-11-25")
    desk.page.locator("#promise .primary").press("Enter")
    desk.reads("5,400.00", at="#history").reads("11-25", at="#case-head")
    assert Promise.objects.get().amount_minor == 5_400_00
