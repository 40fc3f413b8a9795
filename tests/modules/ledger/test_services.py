"""A payment at the desk: posted at once, or refused with nothing kept."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from recoup.core.account import Due, Terms
from recoup.modules.ledger import models, queries, rules, services
from tests.modules.ledger.portfolios import History
from tests.modules.ledger.test_posting_equals_core import noon, open_account, states

pytestmark = pytest.mark.django_db
LEAP_DAY = date(2024, 2, 29)
MARCH_31 = date(2024, 3, 31)


@pytest.fixture
def zhao():
    """Two instalments of 1,000.00, due at the end of January and on the leap day."""
    dues = (
        Due(1, date(2024, 1, 31), principal=900_00, interest=100_00),
        Due(2, LEAP_DAY, principal=900_00, interest=100_00),
    )
    return open_account(History(Terms("CNY", 126_000), dues, ()), 1)


def pay(contract_id: int, **changed: object) -> int:
    given = {
        "contract_id": contract_id,
        "amount_minor": 500_00,
        "currency": "CNY",
        "value_on": MARCH_31,
        "channel": rules.Channel.CASH,
        "reference": "R-1",
        "actor_id": 7,
        "at": noon(MARCH_31),
        "as_of": MARCH_31,
    }
    return services.record_payment(**(given | changed))


def reverse(contract_id: int, payment_id: int) -> None:
    services.reverse_payment(
        contract_id=contract_id,
        payment_id=payment_id,
        reason="bounced",
        actor_id=8,
        at=noon(MARCH_31),
        as_of=MARCH_31,
    )


def traces(contract_id: int) -> tuple[object, ...]:
    return (
        states(contract_id),
        models.Payment.objects.count(),
        models.Reversal.objects.count(),
        models.Entry.objects.count(),
    )


def test_a_payment_settles_penalty_and_interest_before_principal(zhao):
    pay(zhao)

    (row,) = queries.payments(contract_id=zhao)
    # 900.00 and 900.00 of open principal, 60 and 31 days, 12.6 % / 360.
    assert [(a.seq, a.account.name, a.amount_minor) for a in row.allocations] == [
        (1, "PENALTY", 18_90),
        (2, "PENALTY", 9_77),
        (1, "INTEREST", 100_00),
        (2, "INTEREST", 100_00),
        (1, "PRINCIPAL", 271_33),
    ]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"amount_minor": 0}, rules.PaymentNotPositive),
        ({"currency": "USD"}, rules.CurrencyDiffers),
        ({"value_on": date(2024, 4, 1)}, rules.ValueDateAhead),
        ({"reference": "R-0"}, rules.ReferenceRepeated),
        ({"as_of": LEAP_DAY, "value_on": LEAP_DAY}, rules.BooksAreAhead),
    ],
)
def test_an_unsound_payment_is_refused_and_leaves_no_trace(zhao, changed, refusal):
    pay(zhao, reference="R-0", amount_minor=10_00)
    before = traces(zhao)

    with pytest.raises(refusal):
        pay(zhao, **changed)

    assert traces(zhao) == before


def test_a_payment_on_no_account_is_refused(zhao):
    with pytest.raises(rules.AccountUnknown):
        pay(zhao + 1)


def test_a_reversal_leaves_the_account_as_if_the_payment_had_not_been(zhao):
    before = states(zhao)
    payment_id = pay(zhao)

    reverse(zhao, payment_id)

    assert states(zhao) == before
    moved = [
        (e.debit.name, e.credit.name, e.amount_minor) for e in queries.entries(contract_id=zhao)
    ]
    assert len(moved) == 12
    assert sorted(moved) == sorted((credit, debit, amount) for debit, credit, amount in moved)


def test_a_payment_is_reversed_once(zhao):
    payment_id = pay(zhao)
    reverse(zhao, payment_id)
    before = traces(zhao)

    with pytest.raises(rules.AlreadyReversed):
        reverse(zhao, payment_id)

    assert traces(zhao) == before


@pytest.mark.parametrize(
    "change", ["UPDATE ledger_entry SET amount_minor = 1", "DELETE FROM ledger_entry"]
)
def test_the_database_refuses_to_change_an_entry(zhao, change):
    pay(zhao)
    before = traces(zhao)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(change)
    assert traces(zhao) == before


def test_a_payment_is_not_reversed_through_another_account(zhao):
    payment_id = pay(zhao)
    chen = open_account(History(Terms("CNY", 126_000), (Due(1, LEAP_DAY, principal=1),), ()), 2)
    before = traces(zhao)

    with pytest.raises(rules.AccountUnknown):
        reverse(chen, payment_id)

    assert traces(zhao) == before
