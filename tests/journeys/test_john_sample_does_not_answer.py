"""Liu Min calls John Sample in California, who owes dollars: nobody answers."""

import pytest
from playwright.sync_api import expect

from recoup.modules.comms.models import Call
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY, SATURDAY
from tests.journeys.words import CHINESE, ENGLISH

pytestmark = pytest.mark.browser


@pytest.fixture
def liu(house, clock):
    """Her list holds one American; at nine in Shanghai it is five in the afternoon there."""
    somebody = people.liu_min()
    people.john_one_late()
    clock.night_passes(FRIDAY)
    return somebody


def test_no_answer_is_noted_and_the_case_comes_back_the_next_day(liu, sit_down, clock):
    desk = sit_down(liu, ENGLISH).opens("/")
    expect(desk.worklist_line("J*** S***")).to_contain_text("$1,234.56")

    desk.takes_the_next_case().is_on_the_case_of("J*** S***")
    desk.reads("$1,234.56", at="#overdue-today").reads("Why $1,234.56", at="#why")
    desk.reads("until 13:00 (21:00", at="#gate").reads("0/7", at="#gate")
    desk.says_the_result("7").notes("Rang out twice, no voicemail.")
    desk.reads("Nov 21, 2026", at="#composer .then").presses("Control+Enter")

    desk.is_at("/?done=1").reads(ENGLISH.worklist_done).reads(ENGLISH.saved)
    call = Call.objects.get()
    assert (call.result, call.note) == ("NO_ANSWER", "Rang out twice, no voicemail.")

    clock.night_passes(SATURDAY)  # no session lasts until the next morning
    desk.opens("/").signs_in("liu_min", make.PASSWORD).is_at("/")
    expect(desk.worklist_line("J*** S***")).to_contain_text(ENGLISH.no_answer)


def test_a_chinese_reader_sees_whose_dollars_they_are(liu, sit_down):
    desk = sit_down(liu, CHINESE).opens("/")
    expect(desk.worklist_line("J*** S***")).to_contain_text("US$\xa01,234.56")


def test_after_hours_at_his_place_the_gate_says_from_when(liu, sit_down, clock):
    clock.is_now(FRIDAY, 14)  # ten in the evening in California
    desk = sit_down(liu, ENGLISH).opens("/")
    desk.takes_the_next_case().reads("Do not call the debtor now", at="#gate")
    desk.reads("again from Nov 21, 00:00", at="#gate")

    desk.says_the_result("7").presses("Control+Enter")
    desk.reads("Outside the hours", at="#composer")
    assert not Call.objects.exists()
