"""Asking at the account, deciding in the inbox: what is shown, what is done, what is refused."""

import re
from datetime import date

import pytest

from recoup.modules.approvals.models import Limit, Request
from recoup.modules.ledger.models import Adjustment, Entry, Payment, Transfer
from recoup.modules.ledger.queries import loan_account
from tests.factories import BUSINESS_DAY, make_collector, make_contract, make_lender, monthly_dues
from tests.interfaces.web.story import words

pytestmark = pytest.mark.django_db
WAIVER = {"part": "PENALTY", "amount": "100.00", "reason": "借款人住院，减免罚息"}
# 128.52 + 71.82 + 13.23 by the business day, see test_payment
PENALTY = 213_57


@pytest.fixture
def morning(morning):
    """The morning, with Chen of finance signed in; Zhou leads, Fang is Chen's colleague."""
    morning.chen = make_collector("chen_wei", "陈伟", role="FINANCE")
    morning.fang = make_collector("fang_hua", "方华", role="FINANCE")
    morning.zhou = make_collector("zhou_lan", "周岚", role="LEADER")
    morning.sign_in(morning.chen, has_second_factor=True)
    return morning


def said(response) -> str:
    return words(response.text).replace("\xa0", " ")


def asks(morning, what: str = "waiver", **typed: str):
    return morning.client.post(morning.address(f"ask/{what}"), WAIVER | typed, follow=True)


def decides(morning, user, decision: str = "grant", *, has_second_factor: bool = True, **typed):
    request = Request.objects.latest("id")
    morning.sign_in(user, has_second_factor=has_second_factor)
    return morning.client.post(
        f"/approvals/{request.pk}/decision", {"decision": decision} | typed, follow=True
    )


def narrow(kind: str = "WAIVER", role: str = "FINANCE", alone: int = 0) -> None:
    """Let a role do less without asking."""
    Limit.objects.filter(kind=kind, role=role).update(alone_minor=alone)


def overdue(morning) -> int:
    """What the borrower owes in penalty on the business day, in minor units."""
    account = loan_account(contract_id=morning.contract, as_of=BUSINESS_DAY)
    return sum(
        state.penalty_open(account.terms, BUSINESS_DAY)
        for state in account.states
        if state.settled_on is None
    )


def test_the_form_says_what_is_there_what_will_happen_and_what_one_does_alone(morning):
    page = said(morning.client.get(morning.address("ask/waiver")))
    assert "罚息 · 未结 ¥ 213.57" in page
    assert "自批准之日起借款人少欠此数" in page
    assert "每天累计 ¥ 500.00 以内您可直接办理" in page


def test_within_ones_own_limit_the_account_shows_it_at_once(morning):
    page = asks(morning)
    assert "已办理：在您本人权限内。" in said(page)
    assert "已批准并办理" in said(page)
    adjustment = Adjustment.objects.get()
    assert (adjustment.part, adjustment.amount_minor) == ("PENALTY", 100_00)
    assert (adjustment.maker_id, adjustment.recorded_by) == (morning.chen.pk, morning.chen.pk)
    assert overdue(morning) == PENALTY - 100_00


def test_above_it_a_leader_grants_and_then_the_borrower_owes_less(morning):
    narrow()
    assert "由第二人审批后办理" in said(asks(morning))
    assert not Adjustment.objects.exists()

    morning.sign_in(morning.zhou, has_second_factor=True)
    inbox = said(morning.client.get("/approvals"))
    for part in ("减免", "¥ 100.00", "陈伟", "借款人住院，减免罚息", "减免罚息 ¥ 100.00"):
        assert part in inbox
    assert "已批准并办理。" in said(decides(morning, morning.zhou))

    adjustment = Adjustment.objects.get()
    assert (adjustment.maker_id, adjustment.recorded_by) == (morning.chen.pk, morning.zhou.pk)
    assert adjustment.request_id == Request.objects.get().pk
    assert overdue(morning) == PENALTY - 100_00
    assert "陈伟" in said(morning.client.get(morning.address("account")))
    assert "周岚" in said(morning.client.get(morning.address("account")))


def test_a_refusal_needs_a_reason_and_changes_nothing(morning):
    narrow()
    asks(morning)
    before = (overdue(morning), Entry.objects.count())

    assert "请用几个字说明原因" in said(decides(morning, morning.zhou, "refuse"))
    assert Request.objects.get().state == "ASKED"
    decides(morning, morning.zhou, "refuse", reason="材料不齐全")

    assert (Request.objects.get().state, Adjustment.objects.count()) == ("REFUSED", 0)
    assert (overdue(morning), Entry.objects.count()) == before
    morning.sign_in(morning.chen, has_second_factor=True)
    assert "材料不齐全" in said(morning.client.get("/approvals?show=mine"))


def test_the_asker_does_not_decide_even_by_address(morning):
    narrow()
    asks(morning)
    page = morning.client.get("/approvals?show=mine").text
    assert "/decision" not in page
    assert "这是您本人的申请，须由他人审批。" in said(decides(morning, morning.chen))
    assert (Request.objects.get().state, Adjustment.objects.count()) == ("ASKED", 0)


def test_whose_limit_is_too_narrow_is_told_so_and_grants_nothing(morning):
    Limit.objects.filter(kind="WAIVER", role="FINANCE").update(alone_minor=0, grants_minor=50_00)
    asks(morning)
    morning.sign_in(morning.fang, has_second_factor=True)
    page = morning.client.get("/approvals")
    assert "此类事项您最多可批 ¥ 50.00" in said(page)
    assert 'value="grant"' not in page.text
    assert "此类事项您最多可批 ¥ 50.00；¥ 100.00 须由权限更高的人审批。" in said(
        decides(morning, morning.fang)
    )
    assert (Request.objects.get().state, Adjustment.objects.count()) == ("ASKED", 0)


def test_deciding_asks_for_the_second_factor_and_shows_nothing_of_others_before(morning):
    narrow()
    asks(morning)
    morning.sign_in(morning.zhou)
    page = said(morning.client.get("/approvals"))
    assert "审批需要第二因素验证" in page
    assert "陈伟" not in page
    decides(morning, morning.zhou, has_second_factor=False)
    assert (Request.objects.get().state, Adjustment.objects.count()) == ("ASKED", 0)


def test_another_lenders_leader_neither_sees_it_nor_decides_by_address(morning):
    narrow()
    asks(morning)
    other = make_collector(
        "he_lei", "何磊", role="LEADER", lender_id=make_lender("beta", "贝塔金融")
    )
    morning.sign_in(other, has_second_factor=True)
    assert "陈伟" not in said(morning.client.get("/approvals?show=waiting"))
    assert "没有编号为" in said(decides(morning, other))
    assert (Request.objects.get().state, Adjustment.objects.count()) == ("ASKED", 0)


def test_if_it_is_paid_meanwhile_the_decider_reads_why_and_nothing_happened(morning):
    narrow()
    asks(morning)
    paid = {
        "amount": "6,000.00",
        "value_on": "2026-11-20",
        "channel": "TRANSFER",
        "reference": "BK",
    }
    morning.client.post(morning.address("payments"), paid)
    before = Entry.objects.count()

    answer = decides(morning, morning.zhou)

    assert "账户上此项只有 ¥ 0.00，不足 ¥ 100.00。" in said(answer)
    assert (Request.objects.get().state, Adjustment.objects.count()) == ("ASKED", 0)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("typed", "words_said"),
    [
        ({"amount": "213.58"}, "账户上此项只有 ¥ 213.57，不足 ¥ 213.58。"),
        ({"amount": "0"}, "金额必须大于零"),
        ({"amount": "-1"}, "带有正负号"),
        ({"amount": ""}, "不是金额"),
        ({"reason": " "}, "请用几个字说明原因"),
    ],
)
def test_what_is_unsound_is_said_beside_the_field_and_keeps_what_was_typed(
    morning, typed, words_said
):
    answer = asks(morning, **typed)
    assert answer.status_code == 422
    assert words_said in said(answer)
    assert 'aria-invalid="true"' in answer.text
    assert not Request.objects.exists()
    assert not Adjustment.objects.exists()


def test_two_clicks_are_one_request(morning):
    page = morning.client.get(morning.address("ask/waiver")).text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    for _ in range(2):
        asks(morning, key=key)
    assert (Request.objects.count(), Adjustment.objects.count()) == (1, 1)


def test_a_write_off_of_a_rest_waits_for_a_leader(morning):
    asks(morning, "write-off", amount="1,500.00")
    decides(morning, morning.fang)
    assert not Adjustment.objects.exists(), "colleagues in finance grant up to 1,000"
    decides(morning, morning.zhou)
    assert Adjustment.objects.get().kind == "WRITE_OFF"


def test_only_credit_is_refunded(morning):
    """One instalment is left; 6,000.00 pay it and leave the borrower some credit."""
    last = make_contract(
        number="AF2024-900002", lender_id=make_lender(), dues=monthly_dues(date(2026, 11, 13), 1)
    )
    refund = {"amount": "100.00", "reason": "多付款退还"}
    nothing = said(morning.client.get(f"/contracts/{last}/ask/refund"))
    assert "借款人在此账户没有溢缴款。" in nothing
    assert morning.client.post(f"/contracts/{last}/ask/refund", refund).status_code == 422
    paid = {"amount": "6,000.00", "value_on": "2026-11-20", "channel": "TRANSFER"}
    morning.client.post(f"/contracts/{last}/payments", paid | {"reference": "BK-2"})
    credit = loan_account(contract_id=last, as_of=BUSINESS_DAY).unallocated
    assert credit > 500_00

    morning.client.post(f"/contracts/{last}/ask/refund", refund)

    assert Adjustment.objects.get().kind == "REFUND"
    left = loan_account(contract_id=last, as_of=BUSINESS_DAY).unallocated
    assert left == credit - 100_00


def test_a_payment_is_moved_to_the_contract_it_belongs_to(morning):
    other = make_contract(number="AF2024-900001", lender_id=make_lender())
    paid = {"amount": "1,000.00", "value_on": "2026-11-18", "channel": "TRANSFER"}
    morning.client.post(morning.address("payments"), paid | {"reference": "BK-1"})
    payment = Payment.objects.get()
    typed = {"payment": str(payment.pk), "amount": "1,000.00"}

    wrong = asks(morning, "transfer", to_number="AF-none", **typed)
    assert "该委托方没有合同“AF-none”。" in said(wrong)
    same = asks(morning, "transfer", to_number="AF2024-117302", **typed)
    assert "款项已在本合同上" in said(same)
    assert not Request.objects.exists()
    asks(morning, "transfer", to_number="AF2024-900001", **typed)
    assert not Transfer.objects.exists()
    decides(morning, morning.zhou)

    moved = Payment.objects.get(pk=Transfer.objects.get().to_payment_id)
    assert (moved.contract_id, moved.amount_minor, moved.value_on) == (
        other, 1_000_00, payment.value_on,
    )  # fmt: skip


def test_a_large_payment_by_hand_is_posted_when_a_second_person_grants_it(morning):
    narrow("MANUAL_POSTING", alone=5_000_00)
    paid = {"amount": "6,000.00", "value_on": "2026-11-20", "channel": "CASH", "reference": "BK-9"}
    page = morning.client.post(morning.address("payments"), paid, follow=True)
    assert "¥ 6,000.00 超过您的单独入账权限，须由第二人审批。" in said(page)
    assert not Payment.objects.exists()
    again = morning.client.post(morning.address("payments"), paid)
    assert again.status_code == 422
    assert "BK-9" in said(again)

    decides(morning, morning.zhou)

    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.reference, payment.recorded_by) == (
        6_000_00, "BK-9", morning.zhou.pk,
    )  # fmt: skip
    assert payment.receipt_id is not None, "cash has a numbered receipt"


def test_a_collector_asks_for_a_waiver_and_sees_what_became_of_it(morning):
    liu = morning.liu
    morning.sign_in(liu)
    assert "由第二人审批后办理。" in said(asks(morning))
    assert asks(morning, "write-off").status_code == 403
    assert Request.objects.get().asked_by == liu.pk
    decides(morning, morning.zhou)
    morning.sign_in(liu)
    assert "已批准并办理" in said(morning.client.get(morning.address("account")))


def test_one_takes_back_what_one_asked(morning):
    narrow()
    asks(morning)
    request = Request.objects.get()
    page = morning.client.post(f"/approvals/{request.pk}/withdrawal", follow=True)
    assert "已撤回" in said(page)
    assert "不在待审状态" in said(decides(morning, morning.zhou))
    assert not Adjustment.objects.exists()


@pytest.mark.parametrize("what", ["plan", "x", "WAIVER"])
def test_what_cannot_be_asked_for_here_has_no_page(morning, what):
    assert morning.client.get(morning.address(f"ask/{what}")).status_code == 404


@pytest.mark.parametrize("payment", ["", "0", "999999", "x", "9" * 30])
def test_a_payment_that_is_not_there_cannot_be_moved(morning, payment):
    assert morning.client.get(morning.address(f"ask/transfer?payment={payment}")).status_code == 404
    typed = WAIVER | {"payment": payment, "to_number": "AF2024-900001"}
    assert morning.client.post(morning.address("ask/transfer"), typed).status_code == 404
    assert not Request.objects.exists()
