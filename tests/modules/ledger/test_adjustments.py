"""Waivers, write-offs, refunds, moved payments: each once, by approval, undone as new facts."""

from datetime import date

import pytest

from recoup.core.account import Due, Terms
from recoup.modules.ledger import models, queries, rules, services
from recoup.modules.ledger.rules import AccountCode, Channel, Part
from recoup.modules.ledger.services import Approved
from tests.modules.ledger.portfolios import History
from tests.modules.ledger.test_posting_equals_core import noon, open_account, states
from tests.modules.ledger.test_services import traces

pytestmark = pytest.mark.django_db
LEAP_DAY, MARCH_31 = date(2024, 2, 29), date(2024, 3, 31)
DUES = (
    Due(1, date(2024, 1, 31), principal=900_00, interest=100_00),
    Due(2, LEAP_DAY, principal=900_00, interest=100_00),
)
AS_USUAL = {
    "value_on": MARCH_31, "reason": "困难", "maker_id": 7, "actor_id": 8, "at": noon(MARCH_31),
    "as_of": MARCH_31,
}  # fmt: skip


@pytest.fixture
def zhao():
    return open_account(History(Terms("CNY", 126_000), DUES, ()), 1)


def pay(contract: int, minor: int, value_on: date = MARCH_31, reference: str = "") -> int:
    return services.record_payment(
        contract_id=contract, amount_minor=minor, currency="CNY", value_on=value_on,
        channel=Channel.TRANSFER, reference=reference, actor_id=7, at=noon(MARCH_31),
        as_of=MARCH_31,
    )  # fmt: skip


def approved(contract: int, minor: int, request: int, **changed: object) -> Approved:
    given = AS_USUAL | changed
    return Approved(contract_id=contract, amount_minor=minor, request_id=request, **given)


def waive(contract: int, minor: int, request: int = 1, **changed: object) -> int:
    part, seq = changed.pop("part", Part.PENALTY), changed.pop("seq", None)
    return services.waive(approved(contract, minor, request, **changed), part=part, seq=seq)


def refund(contract: int, minor: int, request: int = 9) -> int:
    return services.refund(approved(contract, minor, request))


def undo(contract: int, number: int) -> None:
    services.reverse_adjustment(
        contract_id=contract, adjustment_id=number, reason="误批", request_id=None, actor_id=8,
        at=noon(MARCH_31), as_of=MARCH_31,
    )  # fmt: skip


def move(payment: int, source: int, target: int, minor: int, request: int = 5) -> int:
    given = {key: said for key, said in AS_USUAL.items() if key != "value_on"}
    return services.transfer(
        payment_id=payment, contract_id=source, to_contract_id=target, amount_minor=minor,
        request_id=request, **given,
    )  # fmt: skip


def booked(contract: int) -> list[tuple[str, str, int | None, int]]:
    return [
        (e.debit.name, e.credit.name, e.seq, e.amount_minor)
        for e in queries.entries(contract_id=contract)
    ]


def test_penalty_is_forgiven_oldest_due_first_and_the_entries_say_so(zhao):
    # 1,000.00 and 1,000.00 with interest not in the base: 18.90 and 9.77 of penalty.
    waive(zhao, 20_00)

    assert booked(zhao) == [("WAIVED", "PENALTY", 1, 18_90), ("WAIVED", "PENALTY", 2, 1_10)]
    (row,) = queries.adjustments(contract_id=zhao)
    assert (row.amount_minor, row.applied_minor, row.maker_id) == (20_00, 20_00, 7)


@pytest.mark.parametrize(
    ("minor", "changed", "refusal"),
    [
        (0, {}, rules.AmountNotPositive),
        (28_68, {}, rules.MoreThanOpen),
        (18_91, {"seq": 1}, rules.MoreThanOpen),
        (1, {"value_on": date(2024, 4, 1)}, rules.ValueDateAhead),
        (1, {"value_on": LEAP_DAY, "as_of": LEAP_DAY}, rules.BooksAreAhead),
        (1, {"request": 77}, rules.RequestUsed),
    ],
)
def test_an_unsound_waiver_is_refused_and_leaves_no_trace(zhao, minor, changed, refusal):
    waive(zhao, 1, request=77, part=Part.INTEREST)
    undone = waive(zhao, 1, request=77, part=Part.PENALTY)
    undo(zhao, undone)
    before = traces(zhao), models.Adjustment.objects.count()

    with pytest.raises(refusal):
        waive(zhao, minor, **changed)

    assert (traces(zhao), models.Adjustment.objects.count()) == before


def test_a_waiver_undone_leaves_the_account_as_if_it_had_not_been(zhao):
    before = states(zhao)
    number = waive(zhao, 20_00)

    undo(zhao, number)

    assert states(zhao) == before
    with pytest.raises(rules.AdjustmentReversed):
        undo(zhao, number)


def test_what_back_dated_money_has_paid_is_not_forgiven_any_more(zhao):
    waive(zhao, 20_00)

    pay(zhao, 2_000_00, date(2024, 1, 31))

    (row,) = queries.adjustments(contract_id=zhao)
    assert (row.amount_minor, row.applied_minor) == (20_00, 0)
    assert all(settled for *_, settled in states(zhao))


def test_a_loan_is_written_off_whole(zhao):
    services.write_off(approved(zhao, 2_028_67, 3))

    assert queries.account(contract_id=zhao).principal_open_minor == 0
    assert {debit for debit, *_ in booked(zhao)} == {"WRITTEN_OFF"}


def test_only_credit_is_given_back(zhao):
    pay(zhao, 2_100_00, date(2024, 1, 31))
    with pytest.raises(rules.MoreThanUnallocated):
        refund(zhao, 100_01)

    refund(zhao, 100_00)

    assert queries.account(contract_id=zhao).unallocated_minor == 0
    assert ("UNALLOCATED", "REFUND_DUE", None, 100_00) in booked(zhao)


def test_a_refund_whose_payment_bounces_is_claimed_from_the_payer(zhao):
    payment = pay(zhao, 2_100_00, date(2024, 1, 31))
    refund(zhao, 100_00)

    services.reverse_payment(
        contract_id=zhao, payment_id=payment, reason="退票", actor_id=8, at=noon(MARCH_31),
        as_of=MARCH_31,
    )  # fmt: skip

    assert queries.account(contract_id=zhao).unallocated_minor == 0
    assert ("REFUND_SHORT", "REFUND_DUE", None, 100_00) in booked(zhao)


def test_a_payment_is_moved_to_the_contract_it_was_meant_for(zhao):
    meant = open_account(History(Terms("CNY", 126_000), DUES, ()), 2)
    untouched = states(zhao)
    payment = pay(zhao, 500_00, LEAP_DAY, "M-1")

    moved = move(payment, zhao, meant, 500_00)

    assert states(zhao) == untouched
    row = models.Payment.objects.get(id=moved)
    assert (row.contract_id, row.value_on, row.amount_minor) == (meant, LEAP_DAY, 500_00)
    for day in (LEAP_DAY, MARCH_31):  # on no day it counts twice, or not at all
        both = [queries.loan_account(contract_id=c, as_of=day) for c in (zhao, meant)]
        assert sum(a.amount for account in both for a in account.allocations) == 500_00


def test_a_part_of_a_payment_is_moved_and_the_rest_stays(zhao):
    meant = open_account(History(Terms("CNY", 126_000), DUES, ()), 2)
    payment = pay(zhao, 500_00, LEAP_DAY)

    move(payment, zhao, meant, 200_00)

    standing = {
        row.contract_id: row.amount_minor for row in models.Payment.objects.filter(reversal=None)
    }
    assert standing == {zhao: 300_00, meant: 200_00}


def test_a_payment_is_moved_once_within_its_lender_and_no_more_than_it_is(zhao):
    meant = open_account(History(Terms("CNY", 126_000), DUES, ()), 2)
    payment = pay(zhao, 500_00)
    for refusal, args in (
        (rules.TransferToItself, (payment, zhao, zhao, 1)),
        (rules.TransferTooMuch, (payment, zhao, meant, 500_01)),
        (rules.AmountNotPositive, (payment, zhao, meant, 0)),
        (rules.AccountUnknown, (payment, meant, zhao, 1)),
    ):
        with pytest.raises(refusal):
            move(*args)
    assert models.Payment.objects.count() == 1
    move(payment, zhao, meant, 500_00)
    with pytest.raises(rules.AlreadyReversed):
        move(payment, zhao, meant, 500_00, request=6)


def test_credit_is_no_ones_entry_but_the_borrowers(zhao):
    pay(zhao, 2_100_00, date(2024, 1, 31))
    refund(zhao, 100_00)
    net = dict.fromkeys(AccountCode, 0)
    for e in queries.entries(contract_id=zhao):
        net[e.debit] += e.amount_minor
        net[e.credit] -= e.amount_minor
    assert net[AccountCode.BANK] == 2_100_00
    assert net[AccountCode.REFUND_DUE] == -100_00
    assert net[AccountCode.UNALLOCATED] == 0
