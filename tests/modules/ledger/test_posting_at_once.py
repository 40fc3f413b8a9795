"""Eight workers post at the same time, each on a connection of its own; nobody tries again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from recoup.core.account import Due, Terms
from recoup.core.refusals import Refused
from recoup.foundation.access.context import as_system
from recoup.modules.ledger import models, queries, services
from recoup.modules.ledger.rules import AccountCode, Channel, ReceiptSpent, RequestUsed
from recoup.modules.ledger.services import Approved
from recoup.modules.parties.models import Lender
from tests.modules.ledger.portfolios import History
from tests.modules.ledger.test_posting_equals_core import (
    expected_states,
    noon,
    open_account,
    states,
)

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 8
MARCH_31 = date(2024, 3, 31)
DUES = tuple(
    Due(seq, date(2023, 12, 1) + timedelta(days=30 * seq), principal=900_00, interest=100_00)
    for seq in range(1, 7)
)


def loan(number: int) -> int:
    return open_account(History(Terms("CNY", 126_000), DUES, ()), number)


def at_once(act: Callable[[int], object]) -> list[object]:
    """What each of eight workers gets, or the refusal; anything else fails the test."""
    gate = Barrier(WORKERS)
    connection.close()  # the pool holds eight

    def work(number: int) -> object:
        try:
            with as_system("tests"):
                connection.ensure_connection()
                gate.wait(timeout=60)
                return act(number)
        except Refused as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def pay(contract: int, worker: int, turn: int) -> int:
    return services.record_payment(
        contract_id=contract,
        amount_minor=100_00 + worker * 7_01 + turn,
        currency="CNY",
        value_on=MARCH_31 - timedelta(days=(worker * 5 + turn * 3) % 60),
        channel=Channel.TRANSFER,
        reference=f"{worker}/{turn}",
        actor_id=None,
        at=noon(MARCH_31),
        as_of=MARCH_31,
    )


def assert_as_replayed(contract: int, payments: int) -> None:
    account = queries.loan_account(contract_id=contract, as_of=MARCH_31)
    assert states(contract) == expected_states(account)
    row = queries.account(contract_id=contract)
    assert row.unallocated_minor == account.unallocated
    posted = models.Payment.objects.filter(contract_id=contract).exclude(posted_at=None)
    assert posted.count() == payments
    booked = models.Entry.objects.filter(contract_id=contract, debit=AccountCode.BANK)
    assert sum(e.amount_minor for e in booked) == sum(p.amount_minor for p in posted)


def test_all_on_one_contract_back_dated_in_any_order():
    contract = loan(1)

    at_once(lambda worker: [pay(contract, worker, turn) for turn in range(5)])

    assert_as_replayed(contract, WORKERS * 5)


def test_each_on_all_contracts_in_an_order_of_its_own():
    contracts = [loan(number) for number in range(WORKERS)]

    at_once(
        lambda worker: [
            pay(contracts[(worker + turn) % WORKERS], worker, turn) for turn in range(WORKERS)
        ]
    )

    for contract in contracts:
        assert_as_replayed(contract, WORKERS)


def test_one_receipt_placed_by_all_is_spent_once():
    contracts = [loan(number) for number in range(WORKERS)]
    receipt = services.receive(
        lender_id=Lender.objects.get(code="L").pk, amount_minor=300_00, currency="CNY",
        value_on=MARCH_31, channel=Channel.TRANSFER, source="STATEMENT", reference="1",
        actor_id=None, at=noon(MARCH_31),
    )  # fmt: skip

    got = at_once(
        lambda worker: services.place_receipt(
            receipt_id=receipt,
            contract_id=contracts[worker],
            amount_minor=100_00,
            actor_id=None,
            at=noon(MARCH_31),
            as_of=MARCH_31,
        )
    )

    assert sum(isinstance(no, ReceiptSpent) for no in got) == WORKERS - 3
    assert models.Payment.objects.count() == 3
    assert queries.receipt(receipt_id=receipt).open_minor == 0


def test_the_same_word_of_money_told_by_all_is_one_receipt():
    loan(1)
    lender = Lender.objects.get(code="L").pk

    got = at_once(
        lambda worker: services.receive(
            lender_id=lender,
            amount_minor=300_00,
            currency="CNY",
            value_on=MARCH_31,
            channel=Channel.ONLINE,
            source="WALLET",
            reference="same",
            actor_id=None,
            at=noon(MARCH_31),
        )
    )

    assert sum(isinstance(one, int) for one in got) == 1
    assert models.Receipt.objects.count() == models.Entry.objects.count() == 1


def test_one_approval_used_by_all_is_one_waiver():
    contract = loan(1)

    got = at_once(
        lambda worker: services.waive(
            Approved(
                contract_id=contract,
                amount_minor=10_00,
                value_on=MARCH_31,
                reason="困难",
                request_id=1,
                maker_id=None,
                actor_id=None,
                at=noon(MARCH_31),
                as_of=MARCH_31,
            ),
            seq=1,
        )
    )

    assert sum(isinstance(no, RequestUsed) for no in got) == WORKERS - 1
    assert models.Adjustment.objects.count() == 1


def test_cash_is_numbered_without_a_gap_though_some_is_rolled_back():
    loan(1)
    lender = Lender.objects.get(code="L").pk

    class ChangedTheirMindError(Exception):
        """The form was left."""

    def take(worker: int) -> None:
        for turn in range(4):
            try:
                with transaction.atomic():
                    services.receive(
                        lender_id=lender, amount_minor=1_00, currency="CNY", value_on=MARCH_31,
                        channel=Channel.CASH, source="CASH_DESK", reference=f"{worker}/{turn}",
                        actor_id=None, at=noon(MARCH_31),
                    )  # fmt: skip
                    if turn % 2:
                        raise ChangedTheirMindError
            except ChangedTheirMindError:
                pass

    at_once(take)

    numbers = models.Receipt.objects.values_list("cash_number", flat=True)
    assert sorted(numbers) == list(range(1, WORKERS * 2 + 1))
