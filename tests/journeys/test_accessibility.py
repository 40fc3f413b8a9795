"""Every page, in both languages, on a laptop, on a phone, in the dark: readable by everybody."""

import pytest
from playwright.sync_api import expect

from recoup.modules.comms.rules import CallResult
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.portfolio import FRIDAY, SATURDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import BOTH, CHINESE, ENGLISH

pytestmark = pytest.mark.browser


@pytest.fixture
def leader(house, clock):
    """A leader with cases of her own, two nights into a small portfolio with a history."""
    somebody = make.make_collector("ouyang", "欧阳晓", "LEADER", takes_cases=True)
    wang, _, _, _ = (
        people.wang_38_days(), people.sun_100_days(), people.zhao_8_days(), people.john_one_late()
    )  # fmt: skip
    clock.night_passes(FRIDAY)
    case = make.Case.objects.get(contract_id=wang.contract_id)
    borrower = make.Contract.objects.get(pk=wang.contract_id).borrower_id
    make.make_call(
        case.pk, borrower, CallResult.CALL_BACK, clock.at, actor=somebody, note="下午再打"
    )
    make.make_promise(case.pk, due_on=FRIDAY, actor=somebody, taken_on=FRIDAY)
    clock.night_passes(SATURDAY)
    somebody.wang = wang
    return somebody


def pages(leader):
    """Each page, by who may open it."""
    case = f"/contracts/{leader.wang.contract_id}"
    return {
        "LEADER": (
            "/", "/?only=due", "/next-is-nowhere", "/search", "/search?q=AF", "/cases",
            "/promises?only=broken", f"{case}/case", f"{case}/account",
            f"{case}/account?as_of=2026-11-19", "/team", "/intake",
        ),
        "FINANCE": (f"{case}/account",),
        "INTAKE": ("/intake",),
        "ENTRY": ("/custody", "/custody/new", "/custody/mine"),
        "OPERATOR": (
            "/files", "/gallery", "/staff", "/staff/roles", f"/staff/{leader.pk}", "/team"
        ),
    }  # fmt: skip


def reader(leader, role):
    """Somebody of this role."""
    return leader if role == "LEADER" else make.make_collector(f"one_{role.lower()}", role=role)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_every_page_has_no_serious_finding_and_fits(leader, sit_down, words, size):
    found = []
    for role, places in pages(leader).items():
        desk = sit_down(reader(leader, role), words, size, has_second_factor=True)
        for place in places:
            desk.opens(place).fits()
            assert desk.page.locator("html").get_attribute("lang") == words.html
            found += [f"{place}: {finding}" for finding in grave_findings(desk.page)]
    stranger = sit_down(words=words, size=size).opens("/login").fits()
    found += grave_findings(stranger.page)
    assert not found, "\n".join(found)


def test_in_the_dark_too(leader, sit_down):
    desk = sit_down(leader, CHINESE, color_scheme="dark")
    found = []
    for place in ("/", "/team", "/gallery", f"/contracts/{leader.wang.contract_id}/case"):
        found += grave_findings(desk.opens(place).page)
    operator = reader(leader, "OPERATOR")
    desk = sit_down(operator, CHINESE, has_second_factor=True, color_scheme="dark")
    for place in ("/gallery", "/staff", f"/staff/{leader.pk}"):
        found += grave_findings(desk.opens(place).page)
    assert not found, "\n".join(found)


def test_what_opens_and_what_is_refused_is_readable_too(leader, sit_down):
    desk = sit_down(leader, ENGLISH).opens_case(leader.wang.contract_id)
    desk.says_the_result("1").presses("Control+Enter")
    expect(desk.page.locator("#composer [role=alert]")).to_be_visible()
    for summary in desk.page.locator("#why summary, #gate summary").all():
        summary.press("Enter")
    assert not grave_findings(desk.page)
    for dialog in ("show-in-full", "hold", "promise", "keys"):
        desk.page.locator(f"[data-dialog={dialog}]").press("Enter")
        expect(desk.page.locator(f"#{dialog}")).to_be_visible()
        assert not grave_findings(desk.page)
        desk.presses("Escape")
        expect(desk.page.locator(f"[data-dialog={dialog}]")).to_be_focused()


def test_the_first_tab_skips_to_the_content_and_every_stop_is_seen(leader, sit_down):
    desk = sit_down(leader, CHINESE).opens("/").presses("Tab")
    expect(desk.page.locator(".skip")).to_be_focused()
    desk.sees_the_focus().presses("Enter")
    expect(desk.page.locator("#main")).to_be_focused()
    desk.tabs_to(desk.button("下一件"))
    for place in (f"/contracts/{leader.wang.contract_id}/case", "/team"):
        desk.opens(place)
        for _ in range(60):
            desk.presses("Tab").sees_the_focus()
