"""The keeper's pages, as the keeper, a collector, a leader and a stranger see them."""

from datetime import timedelta

import pytest
from django.test import Client

from recoup.modules.custody.models import Item, Movement
from tests import factories
from tests.factories import BUSINESS_DAY
from tests.interfaces.web.story import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


class Register:
    """Sun of the archive, signed in, with one paper file of Wang's contract."""

    def __init__(self, language: str = "en") -> None:
        factories.make_finished_night()
        self.contract = factories.make_contract()
        self.language = language
        self.liu = factories.make_collector(language=language)
        self.client = self.sit("sun_fang", "孙芳", "ENTRY", employee_number="2001")

    def sit(self, username: str, name: str, role: str, **more: object) -> Client:
        user = factories.make_collector(username, name, role=role, language=self.language, **more)
        client = Client(headers={"accept-language": self.language})
        client.force_login(user)
        return client

    def enter(self, **more: str) -> str:
        asked = {
            "kind": "PAPER_FILE", "lender": str(factories.make_lender()), "label": "A-117302",
            "place": "Room 3", "contract": "AF2024-117302", "note": "",
        }  # fmt: skip
        answer = self.client.post("/custody/new", asked | more)
        return answer.headers.get("Location", "")

    def lend(self, address: str, **more: str):
        asked = {"borrower": "liu_min", "reason": "court date", "due_on": str(BUSINESS_DAY)}
        return self.client.post(f"{address}/borrow", asked | more)


@pytest.fixture
def register() -> Register:
    return Register()


def test_a_thing_is_entered_lent_and_taken_back_on_its_page(register):
    address = register.enter()
    assert register.lend(address).url == address
    page = words(register.client.get(address).text)
    assert "Due back today" in page
    assert "刘敏" in page
    assert "court date" in page
    assert "1 thing is due back today." in words(register.client.get("/custody").text)

    assert register.client.post(f"{address}/return", {"place": "Room 4"}).status_code == 302
    page = words(register.client.get(address).text)
    assert "Here" in page
    assert "Room 4" in page


def test_what_is_late_stands_first_and_on_the_leaders_page(register):
    register.lend(register.enter())
    Item.objects.update(due_on=BUSINESS_DAY - timedelta(days=2))
    zhou = register.sit("zhou_lan", "周岚", "LEADER")

    assert "2 days late" in words(register.client.get("/custody").text)
    team = words(zhou.get("/team").text)
    assert "Not brought back" in team
    assert "A-117302" in team


def test_the_leaders_page_is_quiet_when_everything_is_back(register):
    zhou = register.sit("zhou_lan", "周岚", "LEADER")
    assert "Not brought back" not in zhou.get("/team").text


def test_a_refused_loan_keeps_what_was_typed_and_changes_nothing(register):
    address = register.enter()
    answer = register.lend(address, borrower="nobody")

    assert answer.status_code == 422
    assert "Nobody who works here has this name or number." in words(answer.text)
    assert 'value="court date"' in answer.text
    assert Movement.objects.count() == 1


def test_a_thing_without_a_place_is_not_entered(register):
    answer = register.client.post(
        "/custody/new",
        {"kind": "KEY", "lender": str(factories.make_lender()), "label": "K-1", "place": " "},
    )
    assert answer.status_code == 422
    assert 'value="K-1"' in answer.text
    assert not Item.objects.exists()


def test_a_borrower_sees_what_they_have_and_nothing_of_the_register(register):
    address = register.enter()
    register.lend(address)
    register.enter(label="A-2", contract="")
    liu = Client(headers={"accept-language": "en"})
    liu.force_login(register.liu)

    mine = words(liu.get("/custody/mine").text)
    assert "A-117302" in mine
    assert "A-2" not in mine
    for closed in ("/custody", "/custody/new", address):
        assert liu.get(closed).status_code == 403
    assert liu.post(f"{address}/return", {}).status_code == 403
    assert Item.objects.filter(state="OUT").count() == 1


def test_a_keeper_of_another_lender_finds_nothing(register):
    address = register.enter()
    other = factories.make_lender("borui", "博瑞融资租赁")
    he = register.sit("he_jun", "何军", "CLOSING", lender_id=other, employee_number="3001")

    assert he.get(address).status_code == 404
    assert "A-117302" not in he.get("/custody?show=all").text
    assert he.post(f"{address}/hand-over", {"reason": "mine now"}).status_code == 404
    assert Item.objects.get().state == "IN"


def test_the_pages_speak_chinese():
    register = Register("zh-hans")
    address = register.enter()
    register.lend(address)

    assert "今日应还" in register.client.get(address).text
    assert "档案与钥匙" in register.client.get("/custody").text
    assert "登记物品" in register.client.get("/custody/new").text
