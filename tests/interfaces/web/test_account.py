"""The account page: every due, every payment, any past day."""

import re

import pytest

from recoup.modules.ledger.models import Payment
from tests.factories import make_collector, make_contract
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db
GIVEN = {"amount": "6,000.00", "value_on": "2026-11-15", "channel": "CASH", "reference": ""}


@pytest.fixture
def morning(morning):
    """The morning, with Chen of finance signed in."""
    morning.sign_in(make_collector("chen_wei", "陈伟", role="FINANCE"))
    return morning


def page_of(morning, rest: str = "account") -> str:
    return words(morning.client.get(morning.address(rest)).text).replace("\xa0", " ")


def test_the_schedule_shows_what_is_paid_late_and_to_come(morning):
    page = page_of(morning)
    assert "已还 6，逾期 3，未到期 27" in page
    assert 'id="due-36"' in morning.client.get(morning.address("account")).text


def test_a_past_day_is_derived_as_it_stood_then(morning):
    morning.client.post(morning.address("payments"), GIVEN)

    then = page_of(morning, "account?as_of=2026-10-31")
    now = page_of(morning)

    # two dues late: 5,400.00 for 48 days and for 18 days, and no payment yet
    assert "已按 2026-10-31 重新推算" in then
    assert "¥ 10,924.74" in then
    assert "截至该日没有到账款项。" in then
    assert "现金" in now
    assert "录入款项" not in then


def test_a_day_nobody_can_read_is_said_beside_the_field(morning):
    response = morning.client.get(morning.address("account?as_of=2026-02-30"))
    assert response.status_code == 422
    assert "请按“年-月-日”填写日期" in words(response.text)


def test_a_day_before_the_contract_owes_nothing(morning):
    assert "该日没有逾期。" in page_of(morning, "account?as_of=2020-01-01")


def test_the_entries_behind_a_payment_are_listed(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    page = page_of(morning)
    assert "现金" in page
    assert "待冲账" in page


def test_the_account_page_masks_the_borrower(morning):
    response = morning.client.get(morning.address("account"))
    assert "王小强" not in response.text


def test_an_unknown_account_is_not_found(morning):
    assert morning.client.get("/contracts/999999/account").status_code == 404
    assert morning.client.post("/contracts/999999/payments", GIVEN).status_code == 404


def test_the_form_brings_a_reference_so_that_sent_twice_it_is_one_payment(morning):
    page = morning.client.get(morning.address("account")).text
    brought = re.search(r'name="reference"[^>]*value="(M-[0-9A-F]{8})"', page)
    assert brought is not None
    for _ in range(2):
        morning.client.post(morning.address("payments"), GIVEN | {"reference": brought[1]})
    assert Payment.objects.count() == 1


def test_a_contract_without_penalty_says_so_instead_of_multiplying_by_nothing(morning):
    plain = make_contract(
        number="AF-1", borrower_id=morning.wang, account={"penalty_rate_micro": 0}
    )
    page = words(morning.client.get(f"/contracts/{plain}/account").text)
    assert "未约定" in page
    assert "÷ 360" not in page
