"""What a portfolio may hold at its worst: the pages hold, at both sizes and in both languages."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import BOTH

pytestmark = pytest.mark.browser
UYGHUR = "迪丽热巴·买买提·阿卜杜热合曼江·努尔艾合买提"
CORPORATE = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft-Schaeferswessen Jr."


@pytest.fixture
def ugly(house, clock):
    """Forty dues late of 84; a name without end; nobody to call; amounts beyond all measure."""
    liu = people.liu_min(display_name=CORPORATE)
    names_without_end(liu)
    nothing_on_file = make.make_contract(
        number="N-1", borrower_id=make.make_party("无名", phone="", region=""), region=""
    )
    clock.night_passes(FRIDAY)
    return liu, make.Contract.objects.get(number="U" * 60).pk, nothing_on_file


def names_without_end(liu):
    lender = make.make_lender("long", "中国" * 20 + "汽车金融有限责任公司")
    party = make.make_party(UYGHUR + CORPORATE, lender_id=lender, employer=CORPORATE)
    make.make_contact_point(party, "新疆维吾尔自治区" * 8, kind="ADDRESS", is_valid=False)
    dues = make.monthly_dues(date(2023, 8, 5), 84, 9_999_999_999_99, 8_888_888_888_88)
    contract_id = make.make_contract(
        number="U" * 60, lender_id=lender, borrower_id=party, dues=dues, product="P" * 60
    )
    make.make_vehicle(
        contract_id, make=CORPORATE[:64], model=CORPORATE[:64], plate="粤Z·A1234港", vin="V" * 17
    )
    for number in range(6):
        guarantor = make.make_party(f"{CORPORATE} {number}", lender_id=lender)
        make.name_in_contract(contract_id, guarantor, "GUARANTOR")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_names_amounts_and_schedules_beyond_measure_stay_on_the_page(ugly, sit_down, words, size):
    liu, endless, nothing_on_file = ugly
    desk = sit_down(liu, words, size)
    for place in ("/", "/cases", "/search?q=U", "/search?q=" + "宽" * 100):
        desk.opens(place).fits()
    desk.opens_case(endless).fits()
    expect(desk.page.locator("#why .dues > li")).to_have_count(40)
    for summary in desk.page.locator("#why summary, #gate summary").all()[:3]:
        summary.press("Enter")
    desk.says_the_result("1").fits()
    desk.opens_account(endless).fits()
    expect(desk.page.locator("#dues tbody tr")).to_have_count(84)
    desk.opens_case(nothing_on_file).fits().reads(words.no_vehicle, at="#vehicle")
    desk.reads(words.look_for_a_number, at="#debtor")
    desk.says_the_result("7").presses("Control+Enter")
    desk.reads(words.choose_the_number, at="#composer")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_before_the_first_night_every_list_says_what_would_fill_it(house, sit_down, words):
    leader = make.make_collector("ouyang", "欧阳晓", "LEADER", takes_cases=True)
    clerk = make.make_collector("ma", "马莉", "INTAKE")
    operator = make.make_collector("op", "何平", "OPERATOR")
    contract_id = people.wang_38_days().contract_id
    desk = sit_down(leader, words)
    for place in ("/", "/cases", "/promises", "/team"):
        desk.opens(place).fits().reads(words.no_night_yet)
    for place in ("/search?q=AF", f"/contracts/{contract_id}/case"):
        desk.opens(place).fits()
    desk.opens_account(contract_id).fits()
    sit_down(clerk, words).opens("/intake").fits().is_at("/intake")
    gallery = sit_down(operator, words, has_second_factor=True).opens("/gallery")
    gallery.fits().is_at("/gallery")


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_a_day_without_cases_is_said_to_be_one(house, clock, sit_down, words):
    liu = people.liu_min()
    clock.night_passes(FRIDAY)
    desk = sit_down(liu, words, PHONE).opens("/").fits().reads(words.nothing_today)
    desk.button(words.next_case).click()
    desk.is_at("/?done=1").reads(words.worklist_done)
