"""Payments a bank names as returned: kept as facts, booked by the night of their day."""

from datetime import UTC, date, datetime

import pytest

from recoup.core.account import Due, Terms
from recoup.modules.ledger import jobs, models, services
from tests.modules.ledger.portfolios import History
from tests.modules.ledger.test_posting_equals_core import open_account

pytestmark = pytest.mark.django_db
AT = datetime(2024, 3, 1, 9, tzinfo=UTC)
DUES = (Due(1, date(2024, 1, 31), principal=300_00), Due(2, date(2024, 2, 29), principal=300_00))


def received(contract: int, minor: int, on: date) -> int:
    payment = models.Payment.objects.create(
        contract_id=contract,
        value_on=on,
        amount_minor=minor,
        currency="USD",
        channel="TRANSFER",
        received_at=AT,
    )
    return int(payment.pk)


def principal_paid(contract: int) -> list[int]:
    dues = models.Due.objects.filter(contract_id=contract).order_by("seq")
    return [due.principal_paid_minor for due in dues]


def test_a_returned_payment_counts_until_the_night_of_its_day():
    chen = open_account(History(Terms("USD", 0), DUES, ()), 1)
    bounced = received(chen, 300_00, date(2024, 1, 31))
    received(chen, 100_00, date(2024, 2, 10))
    returns = [(bounced, date(2024, 2, 29))]

    new = services.record_returns(returns=returns, reason="list", actor_id=None, at=AT)
    jobs.post_day(as_of=date(2024, 2, 28), at=AT)
    before = principal_paid(chen)
    jobs.post_day(as_of=date(2024, 2, 29), at=AT)

    assert new == 1
    assert before == [300_00, 100_00]
    assert principal_paid(chen) == [100_00, 0]


def test_the_same_list_twice_is_kept_once():
    chen = open_account(History(Terms("USD", 0), DUES, ()), 1)
    returns = [(received(chen, 300_00, date(2024, 1, 31)), date(2024, 2, 29))]

    first = services.record_returns(returns=returns, reason="list", actor_id=None, at=AT)
    second = services.record_returns(returns=returns, reason="list", actor_id=None, at=AT)

    assert (first, second) == (1, 0)
    assert models.Reversal.objects.count() == 1
