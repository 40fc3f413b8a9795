"""Liu Min on her phone: one column, thumbs only."""

import pytest
from playwright.sync_api import expect

from recoup.modules.comms.models import Call
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY
from tests.journeys.sizes import PHONE
from tests.journeys.words import BOTH

pytestmark = pytest.mark.browser
THUMB = 44


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_next_case_result_and_save_lie_under_the_thumb(house, clock, sit_down, words):
    liu = people.liu_min()
    people.wang_38_days()
    people.zhao_8_days()
    clock.night_passes(FRIDAY)
    desk = sit_down(liu, words, PHONE, is_mobile=True, has_touch=True).opens("/").fits()

    taps(desk.button(words.next_case))
    desk.is_on_the_case_of("王*强").fits()
    is_above(desk.page.locator("#gate"), desk.page.locator("#composer"))
    is_above(desk.page.locator("#composer"), desk.page.locator("#why"))
    no_answer = desk.page.locator("#composer label", has_text=words.no_answer)
    taps(no_answer, at_least=38)
    expect(no_answer.locator("input")).to_be_checked()
    taps(desk.page.locator("button[name=then][value=next]"))
    desk.is_on_the_case_of("赵*").reads(words.saved).fits()
    assert Call.objects.get().result == "NO_ANSWER"


def taps(target, at_least=THUMB):
    """Tap it; it is as large as a thumb and nothing lies over it."""
    assert target.bounding_box()["height"] >= at_least
    target.tap()


def is_above(upper, lower):
    """The one stands before the other on the way down."""
    assert upper.bounding_box()["y"] < lower.bounding_box()["y"]
