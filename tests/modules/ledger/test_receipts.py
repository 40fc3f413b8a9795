"""Money in before it is known whose: one receipt per word of it, spent once, never lost."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from recoup.core.account import Due, Terms
from recoup.foundation import vault
from recoup.modules.ledger import models, queries, rules, services
from recoup.modules.ledger.rules import AccountCode, Channel, ReceiptState
from recoup.modules.parties.models import Lender
from tests.modules.ledger.portfolios import History
from tests.modules.ledger.test_posting_equals_core import noon, open_account

pytestmark = pytest.mark.django_db
MARCH_1, MARCH_31 = date(2024, 3, 1), date(2024, 3, 31)
DUES = (Due(1, date(2024, 3, 15), principal=900_00, interest=100_00),)


@pytest.fixture
def zhao():
    return open_account(History(Terms("CNY", 126_000), DUES, ()), 1)


@pytest.fixture
def chen(zhao):
    return open_account(History(Terms("CNY", 126_000), DUES, ()), 2)


def receive(**changed: object) -> int:
    given = {
        "lender_id": Lender.objects.get(code="L").pk,
        "amount_minor": 1_000_00,
        "currency": "CNY",
        "value_on": MARCH_1,
        "channel": Channel.TRANSFER,
        "source": "STATEMENT/6222",
        "reference": "B-1",
        "payer": "王小强 6222021",
        "actor_id": 7,
        "at": noon(MARCH_31),
    }
    return services.receive(**(given | changed))


def place(receipt: int, contract: int, minor: int) -> int:
    return services.place_receipt(
        receipt_id=receipt,
        contract_id=contract,
        amount_minor=minor,
        actor_id=7,
        at=noon(MARCH_31),
        as_of=MARCH_31,
    )


def give_back(receipt: int, minor: int) -> int:
    return services.return_receipt(
        receipt_id=receipt,
        amount_minor=minor,
        value_on=MARCH_31,
        reason="陌生人",
        actor_id=8,
        at=noon(MARCH_31),
    )


def balances() -> dict[AccountCode, int]:
    lender = Lender.objects.get(code="L").pk
    found = queries.client_money(lender_id=lender, currency="CNY", as_of=MARCH_31)
    assert sum(found.values()) == 0
    return {account: minor for account, minor in found.items() if minor}


def test_money_not_known_whose_is_listed_with_its_payer_masked(zhao):
    receipt = receive()

    (row,) = queries.open_receipts()
    assert (row.id, row.open_minor, row.state) == (receipt, 1_000_00, ReceiptState.OPEN)
    assert "小强" not in row.payer
    assert balances() == {AccountCode.BANK: 1_000_00, AccountCode.SUSPENSE: -1_000_00}
    kept = models.Receipt.objects.get()
    about = f"{services.receipts.PAYER}/STATEMENT/6222/B-1"
    opened = vault.open(kept.payer_sealed, lender_id=kept.lender_id, about=about)
    assert opened == "王小强 6222021"


def test_the_same_word_twice_is_one_receipt(zhao):
    receipt = receive()

    with pytest.raises(rules.ReceiptReferenceRepeated) as no:
        receive(amount_minor=5)

    assert no.value.params["receipt_id"] == receipt
    assert models.Receipt.objects.count() == models.Entry.objects.count() == 1


def test_a_receipt_is_placed_on_two_contracts_at_its_own_value_date(zhao, chen):
    receipt = receive()

    first, second = place(receipt, zhao, 600_00), place(receipt, chen, 400_00)

    row = queries.receipt(receipt_id=receipt)
    assert (row.open_minor, row.state) == (0, ReceiptState.PLACED)
    assert [(p.payment_id, p.amount_minor) for p in row.placements] == [
        (first, 600_00), (second, 400_00)
    ]  # fmt: skip
    assert models.Payment.objects.get(id=first).value_on == MARCH_1
    assert AccountCode.SUSPENSE not in balances()
    assert queries.open_receipts() == []


def test_no_more_is_placed_or_returned_than_there_is(zhao):
    receipt = receive()
    place(receipt, zhao, 700_00)
    before = models.Entry.objects.count()

    for too_much in (lambda: place(receipt, zhao, 300_01), lambda: give_back(receipt, 300_01)):
        with pytest.raises(rules.ReceiptSpent):
            too_much()

    assert models.Entry.objects.count() == before
    assert models.Receipt.objects.get().open_minor == 300_00


def test_the_database_refuses_to_spend_a_receipt_twice(zhao):
    receipt = receive()
    with pytest.raises(IntegrityError, match="receipt_is_not_spent_twice"), transaction.atomic():
        models.Receipt.objects.filter(id=receipt).update(open_minor=-1)


def test_a_placement_reversed_is_not_known_whose_again(zhao):
    receipt = receive()
    payment = place(receipt, zhao, 1_000_00)

    services.reverse_payment(
        contract_id=zhao, payment_id=payment, reason="错账", actor_id=8, at=noon(MARCH_31),
        as_of=MARCH_31,
    )  # fmt: skip

    assert queries.receipt(receipt_id=receipt).state is ReceiptState.OPEN
    assert balances() == {AccountCode.BANK: 1_000_00, AccountCode.SUSPENSE: -1_000_00}
    assert place(receipt, zhao, 1_000_00) != payment


def test_what_goes_back_is_gone(zhao):
    receipt = receive()
    give_back(receipt, 1_000_00)

    assert queries.receipt(receipt_id=receipt).state is ReceiptState.RETURNED
    assert balances() == {}


def test_another_lenders_contract_is_not_paid(zhao):
    other = Lender.objects.create(code="other", name="Other")
    receipt = receive(lender_id=other.pk)

    with pytest.raises(rules.LenderDiffers):
        place(receipt, zhao, 1)

    assert not models.Payment.objects.exists()


def test_a_payment_in_another_currency_is_refused_by_the_database(zhao):
    with pytest.raises(IntegrityError, match="in the currency of its account"):
        models.Payment.objects.create(
            contract_id=zhao, value_on=MARCH_1, amount_minor=1, currency="USD", channel="TRANSFER",
            received_at=noon(MARCH_1),
        )  # fmt: skip


def test_cash_is_numbered_per_lender_and_year_and_a_refused_one_leaves_no_gap(zhao):
    cash = {"channel": Channel.CASH, "source": "CASH_DESK"}
    receive(**cash, reference="1")
    with pytest.raises(rules.ReceiptReferenceRepeated):
        receive(**cash, reference="1")
    receive(**cash, reference="2")
    receive(**cash, reference="3", value_on=date(2023, 12, 31))
    receive(reference="bank")

    numbers = models.Receipt.objects.order_by("id").values_list("cash_year", "cash_number")
    assert list(numbers) == [(2024, 1), (2024, 2), (2023, 1), (None, None)]
    assert balances()[AccountCode.CASH_BOX] == 3_000_00


def test_a_payment_in_cash_has_its_receipt(zhao):
    payment = services.record_payment(
        contract_id=zhao, amount_minor=50_00, currency="CNY", value_on=MARCH_31,
        channel=Channel.CASH, reference="", actor_id=7, at=noon(MARCH_31), as_of=MARCH_31,
    )  # fmt: skip

    receipt = models.Receipt.objects.get()
    assert (receipt.cash_year, receipt.cash_number, receipt.open_minor) == (2024, 1, 0)
    assert models.Payment.objects.get(id=payment).receipt_id == receipt.pk


@pytest.mark.parametrize(
    ("debit", "credit", "source_kind", "refusal"),
    [
        (AccountCode.OWN_BANK, AccountCode.BANK, rules.SourceKind.PAYMENT, "client_money_stays"),
        (AccountCode.BANK, AccountCode.OWN_BANK, rules.SourceKind.RECEIPT, "client_money_stays"),
        (AccountCode.BANK, AccountCode.SUSPENSE, rules.SourceKind.RECEIPT, "one_posting_per"),
    ],
)
def test_the_database_refuses_entries_that_mix_or_repeat(zhao, debit, credit, source_kind, refusal):
    receipt = receive()
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        models.Entry.objects.create(
            lender_id=1, source_kind=source_kind, source_id=receipt, debit=debit, credit=credit,
            amount_minor=1, value_on=MARCH_31, booked_at=noon(MARCH_31),
        )  # fmt: skip
    assert connection.is_usable()
    assert models.Entry.objects.count() == 1


def test_the_lender_gets_its_money_less_our_fee_once(zhao):
    receive()
    given = {
        "lender_id": Lender.objects.get(code="L").pk, "amount_minor": 900_00, "fee_minor": 100_00,
        "currency": "CNY", "value_on": MARCH_31, "reference": "2024-03", "actor_id": 8,
        "at": noon(MARCH_31),
    }  # fmt: skip
    services.remit(**given)
    with pytest.raises(rules.RemittanceRepeated):
        services.remit(**given)

    assert balances() == {
        AccountCode.SUSPENSE: -1_000_00,
        AccountCode.REMITTED: 900_00,
        AccountCode.OWN_BANK: 100_00,
    }
