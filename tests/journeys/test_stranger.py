"""Somebody who has not signed in, and somebody who may not see everything."""

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY
from tests.journeys.words import BOTH, CHINESE

pytestmark = pytest.mark.browser
PLACES = ("/", "/cases", "/promises", "/search?q=AF", "/team", "/gallery", "/intake")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_a_stranger_is_asked_to_sign_in_and_told_plainly_when_it_was_wrong(house, sit_down, words):
    wang = people.wang_38_days()
    people.liu_min(language=words.code)
    desk = sit_down(words=words)
    case = f"/contracts/{wang.contract_id}"
    for place in (*PLACES, f"{case}/case", f"{case}/account"):
        desk.opens(place)
        expect(desk.page.get_by_role("heading", level=1)).to_have_text(words.sign_in)
        desk.does_not_read("王")

    desk.opens("/cases").signs_in("liu_min", "not-her-password")
    expect(desk.page.get_by_role("alert")).to_contain_text(words.sign_in_refused)
    expect(desk.page.get_by_label(words.user_name)).to_have_value("liu_min")
    desk.presses("Control+a").signs_in("liu_min", make.PASSWORD).is_at("/cases")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_what_is_not_ones_own_is_refused_in_words(house, clock, sit_down, words):
    liu = people.liu_min()
    people.wang_38_days()
    clock.night_passes(FRIDAY)
    desk = sit_down(liu, words)
    for place in ("/team", "/intake", "/?collector=999", "/cases?of=all"):
        desk.opens(place).reads(words.not_open_to_you)
    desk.opens("/nothing/here").reads(words.nothing_here)
    desk.opens("/contracts/999/case").reads(words.nothing_here)


def test_who_signs_out_is_out_on_every_page(house, clock, sit_down):
    liu = people.liu_min()
    wang = people.wang_38_days()
    clock.night_passes(FRIDAY)
    desk = sit_down(liu, CHINESE).opens_case(wang.contract_id)
    elsewhere = desk.page.context.new_page()
    elsewhere.goto("/")
    elsewhere.get_by_role("button", name="退出").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("登录")

    desk.says_the_result("7").presses("Control+Enter")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("登录")
    desk.signs_in("liu_min", make.PASSWORD).is_on_the_case_of("王*强")
