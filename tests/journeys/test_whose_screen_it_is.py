"""Whoever photographs Liu Min's screen has her name on the picture, over an open dialog too."""

import pytest
from playwright.sync_api import expect

from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import BOTH

pytestmark = pytest.mark.browser
DIALOGS = ("keys", "show-in-full", "hold", "promise")
# Every mark but the page's own is taken away: what the picture shows then lies below the dialog.
TAKE_AWAY = "for (const mark of document.querySelectorAll('dialog picture')) mark.remove()"


@pytest.fixture
def liu_min(house, clock):
    """Her morning with one case."""
    somebody = people.liu_min()
    people.everybody_else()
    somebody.wang = people.wang_38_days()
    clock.night_passes(FRIDAY)
    return somebody


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.code)
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_mark_lies_over_every_open_dialog_and_is_in_nobodys_way(liu_min, sit_down, words, size):
    desk = sit_down(liu_min, words, size).opens_case(liu_min.wang.contract_id)
    for name in DIALOGS:
        desk.page.evaluate("name => document.getElementById(name).showModal()", name)
        box = desk.page.locator(f"#{name}")
        expect(box).to_be_visible()
        mark = box.locator("img.watermark")
        expect(mark).to_have_js_property("complete", value=True)
        assert mark.evaluate("image => image.naturalWidth") > 0
        assert mark.evaluate("image => getComputedStyle(image).pointerEvents") == "none"
        shown, whole = mark.bounding_box(), desk.page.viewport_size
        assert (shown["width"], shown["height"]) == (whole["width"], whole["height"])
        with_mark = box.screenshot()
        assert with_mark == box.screenshot(), "nothing else moves on it"
        desk.page.evaluate(TAKE_AWAY)
        assert with_mark != box.screenshot(), f"{name} shows nobody's name"
        box.get_by_role("button").first.click()
        expect(box).to_be_hidden()
        desk.page.reload()
