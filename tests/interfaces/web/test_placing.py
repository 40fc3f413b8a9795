"""Placing from the list of cases: what was ticked or the whole list, looked at again, confirmed."""

import re

import pytest

from recoup.modules.cases.models import Case
from recoup.modules.contracts.models import Contract
from tests import factories
from tests.interfaces.web.mornings import make_morning, signed_in
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db


class House:
    """A morning with an agency, and Zhou Lan, leader, at her desk."""

    def __init__(self, language: str = "zh-hans") -> None:
        self.morning = make_morning()
        self.agency = factories.make_agency()
        self.zhou = signed_in(self.morning.leader, language)

    def case_of(self, contract_id: int) -> int:
        return Case.objects.get(contract_id=contract_id).pk

    def confirm(self, address: str, **typed: object):
        page = self.zhou.get(address)
        seen = re.search(r'name="seen" value="(\d+)"', page.text)
        form = {"act": "place", "agency": self.agency, "seen": seen[1] if seen else 0}
        return self.zhou.post(address, form | typed)

    def with_agency(self) -> set[int]:
        placed = Case.objects.filter(agency_id=self.agency)
        return set(placed.values_list("contract_id", flat=True))


@pytest.fixture
def house(at_ten) -> House:
    return House()


def test_ticked_cases_are_counted_summed_and_placed(house):
    wang, zhao = house.morning.wang_38_days_late, house.morning.zhao_74_days_late
    address = (
        "/cases/place?of=all&which=ticked"
        f"&case={house.case_of(wang)}&case={house.case_of(zhao)}&case=999999&case=x"
    )
    page = words(house.zhou.get(address).text)
    assert "2 件 · 逾期" in page
    answer = house.zhou.post(
        address, {"act": "place", "agency": house.agency, "seen": 2}, follow=True
    )
    assert "已委案 2 件，即刻生效。" in answer.text
    assert house.with_agency() == {wang, zhao}


def test_a_whole_list_is_that_of_its_filter_and_no_more(house):
    zhao = Case.objects.get(contract_id=house.morning.zhao_74_days_late)
    address = f"/cases/place?of=all&bucket={zhao.bucket}&which=all&case=1"
    assert house.confirm(address).status_code == 302
    assert house.with_agency() == {zhao.contract_id}


def test_the_agencys_people_see_them_and_nobody_elses(house):
    luo = factories.make_collector("luo_bing", "罗兵", role="AGENCY", agency_id=house.agency)
    xinyi = factories.make_agency("xinyi", "信义催收")
    fan = factories.make_collector("fan_li", "范丽", role="AGENCY", agency_id=xinyi)
    wang = house.morning.wang_38_days_late
    address = f"/contracts/{wang}/case"
    luo, fan = signed_in(luo), signed_in(fan)
    assert luo.get(address).status_code == 404
    house.confirm(f"/cases/place?of=all&which=ticked&case={house.case_of(wang)}")
    assert luo.get(address).status_code == 200
    assert fan.get(address).status_code == 404
    assert signed_in(house.morning.liu_min).get(address).status_code == 404
    timeline = words(house.zhou.get(address).text)
    assert "委案至华信催收" in timeline


def test_placed_cases_are_listed_by_agency_and_taken_back(house):
    wang = house.morning.wang_38_days_late
    house.confirm(f"/cases/place?of=all&which=ticked&case={house.case_of(wang)}")
    page = house.zhou.get(f"/cases?of=all&agency={house.agency}")
    assert [row.contract_id for row in page.context["rows"]] == [wang]
    back = house.confirm(f"/cases/place?of=all&agency={house.agency}&which=all", act="back")
    assert back.status_code == 302
    assert house.with_agency() == set()
    assert house.zhou.get("/cases?of=all&agency=0").context["pager"].last == 5


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"agency": ""}, "请选择委外机构。"),
        ({"agency": "999999"}, "请选择委外机构。"),
        ({"agency": "9" * 30}, "请选择委外机构。"),
        ({"seen": "4"}, "名单已变：现为 5 件，您查看时为 4 件"),
        ({"seen": "x"}, "请填写每一项"),
        ({"act": "back"}, "没有可变更的案件"),
    ],
)
def test_an_unsound_placing_is_refused_in_words_and_moves_nothing(house, typed, said):
    answer = house.confirm("/cases/place?of=all&which=all", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert house.with_agency() == set()


def test_a_second_click_moves_nothing(house):
    case = house.case_of(house.morning.wang_38_days_late)
    address = f"/cases/place?of=all&which=ticked&case={case}"
    assert house.confirm(address).status_code == 302
    again = house.confirm(address)
    assert again.status_code == 422
    assert "没有可变更的案件" in again.text


def test_nothing_ticked_says_how_to_choose(house):
    page = house.zhou.get("/cases/place?of=all&which=ticked")
    assert page.status_code == 200
    assert "没有选中在催案件。" in page.text
    assert house.confirm("/cases/place?of=all&which=ticked").status_code == 422


def test_another_lenders_cases_are_neither_counted_nor_placed(at_ten):
    house = House()
    usd = Contract.objects.get(pk=house.morning.smith_12_days_late).lender_id
    only = factories.make_collector("qin_yu", "秦宇", role="LEADER", lender_id=usd)
    house.zhou = signed_in(only)
    assert "1 件 · 逾期" in words(house.zhou.get("/cases/place?of=all&which=all").text)
    house.confirm("/cases/place?of=all&which=all")
    assert house.with_agency() == {house.morning.smith_12_days_late}


def test_a_collector_is_offered_no_placing(house):
    page = signed_in(house.morning.liu_min).get("/cases")
    assert 'name="case"' not in page.text
    assert "/cases/place" not in page.text


def test_it_reads_in_english(at_ten):
    page = words(House("en").zhou.get("/cases/place?of=all&which=all").text)
    assert "5 cases · overdue" in page
    assert "Our own people" in page
