"""Liu Min, collector: her morning by keyboard, and the morning after."""

import pytest
from playwright.sync_api import expect

from recoup.modules.cases.models import TimelineEntry
from recoup.modules.plans.models import Promise
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY, SATURDAY
from tests.journeys.words import BOTH, CHINESE

pytestmark = pytest.mark.browser


@pytest.fixture
def morning(house, clock):
    """Friday after the night: three people of Shanghai on Liu Min's list."""
    people.liu_min()
    debtors = people.wang_38_days(), people.sun_100_days(), people.zhao_8_days()
    clock.night_passes(FRIDAY)
    return debtors


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_her_friday_by_keyboard_and_the_promise_that_was_broken_on_saturday(
    morning, sit_down, clock, words
):
    desk = sit_down(words=words)
    desk.page.clock.install()
    desk.opens("/").signs_in("liu_min", make.PASSWORD).is_at("/")
    if words is not CHINESE:  # a new colleague's desk speaks Chinese until she says otherwise
        desk.button("English").click()
    desk.reads(words.to_work, at="#worklist")
    assert desk.worklist() == ["王*强", "孙*庆", "赵*"]
    expect(desk.worklist_line("王*强")).to_contain_text(words.large_amount)

    desk.takes_the_next_case().is_on_the_case_of("王*强")
    desk.reads(words.may_call, at="#gate").reads("0/3", at="#gate")
    reads_why_it_is_10_885_05(desk)

    desk.says_the_result("1").has_checked_the_identity()
    desk.takes_a_promise("10885.05", "2026-11-20").notes("今晚下班后转账")
    with desk.on_the_same_page():
        desk.tabs_to(desk.page.locator("button[name=then][value=stay]")).presses("Enter")
        desk.reads(words.saved, at="#toasts").reads("1/3", at="#gate")
        desk.reads("今晚下班后转账", at="#history").reads(words.promise_taken, at="#history")
        desk.reads(words.two_of_three_left, at="#left-today")

    desk.page.clock.fast_forward(10_000)  # what was said in passing does not lie over the page
    expect(desk.page.locator("#toasts .notice")).to_have_count(0)

    desk.takes_the_next_case().is_on_the_case_of("孙*庆")
    desk.says_the_result("7").presses("Control+Enter").is_on_the_case_of("赵*")
    desk.reads(words.saved, at="#notices").reads(words.one_of_three_left, at="#left-today")
    promise = Promise.objects.get()
    assert (promise.amount_minor, promise.due_on) == (10_885_05, FRIDAY)

    clock.night_passes(SATURDAY)  # no session lasts until the next morning
    desk.opens("/").signs_in("liu_min", make.PASSWORD).is_at("/")
    assert desk.worklist()[0] == "王*强"
    expect(desk.worklist_line("王*强")).to_contain_text(words.just_broken)
    desk.takes_the_next_case().is_on_the_case_of("王*强")
    desk.reads(words.promise_broken, at="#history")


def reads_why_it_is_10_885_05(desk):
    """¥5,400.00 for 38 days and for 7 days at 12.6% a year, 360 days: 71.82 and 13.23."""
    desk.reads("10,885.05", at="#overdue-today")
    older, newer = desk.page.locator("#why .dues > li").all()
    expect(older).to_contain_text("5,471.82")
    summary = newer.locator("summary")
    desk.tabs_to(summary, at_most=60).presses("Enter")
    grown = newer.locator(".grown")
    expect(grown).to_contain_text("5,400.00 × 7")
    expect(grown).to_contain_text("37,800.00 × 12.6% ÷ 360 = 13.2300")
    expect(newer).to_contain_text("5,413.23")
    desk.reads("10,885.05", at="#why-total")


def test_a_call_that_is_not_complete_is_not_saved_and_nothing_typed_is_lost(
    morning, sit_down, clock
):
    wang = morning[0]
    desk = sit_down(words=CHINESE).opens("/").signs_in("liu_min", make.PASSWORD)
    desk.takes_the_next_case().is_on_the_case_of(wang.masked)

    desk.says_the_result("1").takes_a_promise("很多", "2026-11-20").notes("说会还")
    with desk.on_the_same_page():
        desk.presses("Control+Enter").reads(CHINESE.not_an_amount, at="#composer")
    expect(desk.page.locator("#note")).to_have_value("说会还")
    expect(desk.page.locator("#amount")).to_have_value("很多")
    expect(desk.page.locator("#amount")).to_be_focused()

    desk.presses("Control+a").types("5000").presses("Control+Enter")
    desk.reads(CHINESE.identity_first, at="#composer")
    assert not TimelineEntry.objects.filter(kind="CALL_LOGGED").exists()


def test_she_goes_round_her_day_by_the_rail(morning, sit_down, clock):
    liu = make.User.objects.get(username="liu_min")
    desk = sit_down(liu, CHINESE).opens("/")
    desk.presses("j", "j")
    expect(desk.page.locator("#worklist .rowlink").nth(1)).to_be_focused()
    desk.presses("Enter").is_on_the_case_of("孙*庆")
    desk.presses("/").types("AF2024").presses("Enter").reads("王*强", at="#results")
    for place, heading in (("我的案件", "我的案件"), ("承诺跟进", "承诺跟进")):
        desk.page.get_by_role("link", name=place).click()
        desk.reads(heading, at="h1")
