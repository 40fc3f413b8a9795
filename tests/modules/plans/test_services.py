"""A promise given outside a call."""

from datetime import date

import pytest

from recoup.core.money import Money
from recoup.modules.cases.models import TimelineEntry
from recoup.modules.cases.rules import NoLiveCase
from recoup.modules.plans import queries, services
from recoup.modules.plans.models import Promise
from recoup.modules.plans.services import PromiseGiven, PromiseRefused
from tests.factories import AT_TEN, BUSINESS_DAY, make_case, make_contract

pytestmark = pytest.mark.django_db
IN_A_WEEK = date(2026, 11, 27)


def take(contract: int, minor: int, due_on: date = IN_A_WEEK) -> int:
    return services.take_promise(
        contract_id=contract,
        promise=PromiseGiven(Money(minor, "CNY"), due_on),
        actor_id=3,
        at=AT_TEN,
        as_of=BUSINESS_DAY,
    )


def test_zhang_promises_by_letter_and_then_better():
    contract = make_contract()
    make_case(contract)

    take(contract, 100_000)
    take(contract, 150_000)

    found = queries.promises(contract_id=contract)
    assert [(row.amount, row.state) for row in found] == [
        (Money(150_000, "CNY"), "OPEN"),
        (Money(100_000, "CNY"), "REPLACED"),
    ]
    assert [entry.facts["replaced"] for entry in TimelineEntry.objects.order_by("id")] == [
        False,
        True,
    ]


def test_the_whole_loan_may_be_promised_but_not_a_cent_more():
    contract = make_contract(
        dues=[(date(2026, 11, 25), 50_000, 1_000), (date(2026, 12, 25), 50_000, 1_000)]
    )
    make_case(contract)
    whole = 50_000 + 1_000 + 50_000 + 1_000  # both instalments, no penalty by the 27th of November
    with pytest.raises(PromiseRefused) as refusal:
        take(contract, whole + 100)
    assert [no.code for no in refusal.value.reasons] == ["promise_above_owed"]
    assert not Promise.objects.exists()
    assert not TimelineEntry.objects.exists()
    take(contract, whole)


def test_nobody_promises_on_a_contract_that_is_not_in_collections():
    contract = make_contract()
    with pytest.raises(NoLiveCase):
        take(contract, 100)
    assert not Promise.objects.exists()
