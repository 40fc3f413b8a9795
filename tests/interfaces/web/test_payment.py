"""Posting a payment, seeing what it settles before and after, and reversing it."""

import pytest
from django.db import IntegrityError, transaction

from recoup.modules.ledger.models import Payment, Reversal
from tests.factories import make_collector
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db
GIVEN = {"amount": "6,000.00", "value_on": "2026-11-20", "channel": "TRANSFER", "reference": "BK-1"}
# 128.52 + 71.82 + 13.23 penalty, then 3 × 400.00 interest, the rest to the oldest principal
SETTLED = "罚息 ¥ 213.57、利息 ¥ 1,200.00、本金 ¥ 4,586.43"


@pytest.fixture
def morning(morning):
    """The morning, with Chen of finance signed in."""
    morning.chen = make_collector("chen_wei", "陈伟", role="FINANCE")
    morning.sign_in(morning.chen)
    return morning


def said(response) -> str:
    return words(response.text).replace("\xa0", " ")


def test_the_preview_says_what_would_be_settled_and_posts_nothing(morning):
    preview = said(morning.client.post(morning.address("payments/preview"), GIVEN))
    assert "¥ 6,000.00（起息日 2026-11-20）将冲：" in preview
    for part in ("¥ 128.52", "¥ 71.82", "¥ 13.23", "¥ 400.00", "¥ 4,586.43"):
        assert part in preview
    assert "冲账后仍逾期¥ 10,413.57" in preview
    assert not Payment.objects.exists()


def test_a_posted_payment_shows_the_allocation_that_was_previewed(morning):
    response = morning.client.post(morning.address("payments"), GIVEN, follow=True)
    payment = Payment.objects.get()
    assert response.redirect_chain[0][0] == f"{morning.address('account')}#payment-{payment.id}"
    assert payment.recorded_by == morning.chen.pk
    assert "款项 ¥ 6,000.00 已入账。" in said(response)
    assert SETTLED in said(response)
    assert "¥ 10,413.57" in said(response)
    assert f"¥ 6,000.00 → {SETTLED}" in said(morning.client.get(morning.address()))


@pytest.mark.parametrize(
    ("wrong", "words_said"),
    [
        ({"amount": "0"}, "款项金额必须大于零。"),
        ({"amount": "many"}, "“many”不是金额。"),
        ({"value_on": "2026-11-21"}, "起息日 2026-11-21 晚于账务日 2026-11-20。"),
        ({"value_on": "2026-02-30"}, "请按“年-月-日”填写日期"),
        ({"channel": "SERVICER"}, "请选择到账渠道。"),
    ],
)
@pytest.mark.parametrize("step", ["payments", "payments/preview"])
def test_an_unsound_payment_is_refused_and_keeps_what_was_typed(morning, wrong, words_said, step):
    response = morning.client.post(morning.address(step), GIVEN | wrong)
    assert words_said in said(response)
    assert not Payment.objects.exists()
    if step == "payments":
        assert response.status_code == 422
        assert 'value="BK-1"' in response.text


def test_the_same_reference_is_posted_once(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    again = morning.client.post(morning.address("payments"), GIVEN)
    assert again.status_code == 422
    assert "已有流水号为 BK-1 的款项" in said(again)
    assert Payment.objects.count() == 1


def test_a_back_dated_payment_is_previewed_before_the_later_ones(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    earlier = GIVEN | {"value_on": "2026-10-01", "reference": "BK-0"}
    preview = said(morning.client.post(morning.address("payments/preview"), earlier))
    assert "此款入账后将重新冲账" in preview


def reversal_of(morning, **typed: str):
    payment = Payment.objects.get()
    return morning.client.post(
        morning.address(f"payments/{payment.id}/reversal"), {"reason": "银行退票"} | typed
    )


def colleague(morning, role: str = "FINANCE", *, has_second_factor: bool = True) -> None:
    """Somebody else of this role sits down."""
    someone = make_collector("zhou_lan", "周岚", role=role)
    morning.sign_in(someone, has_second_factor=has_second_factor)


@pytest.mark.parametrize("role", ["COLLECTOR", "LEADER", "INTAKE", "CLOSING", "COMPLIANCE"])
def test_only_finance_reverses(morning, role):
    morning.client.post(morning.address("payments"), GIVEN)
    colleague(morning, role)
    assert reversal_of(morning).status_code == 403
    assert not Reversal.objects.exists()


def test_a_reversal_asks_for_the_second_factor_first(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    colleague(morning, has_second_factor=False)
    assert reversal_of(morning)["Location"].startswith("/account/factor")
    assert not Reversal.objects.exists()


def test_who_posted_a_payment_does_not_reverse_it(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    morning.sign_in(morning.chen, has_second_factor=True)
    page = morning.client.get(morning.address("account")).text
    assert "/reversal" not in page
    assert reversal_of(morning).status_code == 302
    assert "这笔还款由您本人入账，须由同事冲销。" in said(
        morning.client.get(morning.address("account"))
    )
    assert not Reversal.objects.exists()


def test_the_database_refuses_a_reversal_by_who_posted(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    payment = Payment.objects.get()
    with pytest.raises(IntegrityError, match="not reversed by who posted"), transaction.atomic():
        Reversal.objects.create(
            payment=payment,
            contract_id=payment.contract_id,
            reason="x",
            reversed_on=payment.value_on,
            received_at=payment.received_at,
            recorded_by=morning.chen.pk,
        )
    assert not Reversal.objects.exists()


def test_a_reversed_payment_is_struck_out_and_everything_is_owed_again(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    colleague(morning)
    assert "/reversal" in morning.client.get(morning.address("account")).text
    assert reversal_of(morning).status_code == 302
    page = said(morning.client.get(morning.address("account")))
    assert "¥ 16,413.57" in page
    assert "银行退票" in page


def test_a_reversal_needs_a_reason_and_happens_once(morning):
    morning.client.post(morning.address("payments"), GIVEN)
    colleague(morning)
    reversal_of(morning, reason=" ")
    assert not Reversal.objects.exists()
    reversal_of(morning)
    reversal_of(morning)
    assert Reversal.objects.count() == 1


def test_who_may_not_post_sees_no_form(morning):
    assert 'id="payment"' in morning.client.get(morning.address("account")).text
    morning.sign_in(morning.liu)
    assert 'id="payment"' not in morning.client.get(morning.address("account")).text
