"""What the product writes becomes events: in sets, in the same transaction or not at all."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from recoup.core.money import Money
from recoup.foundation.access.context import as_system
from recoup.interfaces.worker.night import run_night
from recoup.modules.assignment import services as assignment
from recoup.modules.assignment.lists import Choice
from recoup.modules.cases.models import TimelineEntry
from recoup.modules.cases.rules import TimelineKind
from recoup.modules.ledger import services as ledger
from recoup.modules.plans import services as plans
from recoup.modules.plans.services import PromiseGiven
from recoup.modules.webhooks.models import Delivery, Event, Subscription
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY

HOOK = "https://hooks.anda.example/in"


@pytest.fixture(autouse=True)
def listed(monkeypatch):
    origins = "https://hooks.anda.example,https://hooks.hengtong.example"
    monkeypatch.setenv("RECOUP_OUTBOUND", origins)


def told() -> list[tuple[str, int, dict]]:
    return [(e.kind, e.contract_id, e.data) for e in Event.objects.order_by("id")]


def run(day) -> None:
    with as_system("night"):
        run_night(as_of=day, clock=lambda: AT_TEN)


def test_the_night_tells_what_it_did_to_each_contract(anda):
    """Late since 13 September; the case stands in M2 although by then it is deeper."""
    anda.subscribe(HOOK)
    newly = factories.make_contract(number="AF-2", lender_id=anda.lender)
    run(BUSINESS_DAY + timedelta(days=1))

    kinds = {(kind, contract) for kind, contract, _ in told()}
    assert ("case.opened", newly) in kinds
    assert ("case.moved", anda.wangs) in kinds
    assert {contract for _, contract in kinds} == {newly, anda.wangs}, "and no other lender's"
    ((opened,),) = ([data for kind, _, data in told() if kind == "case.opened"],)
    assert opened.keys() == {"bucket", "days_past_due", "overdue_minor"}
    assert opened["days_past_due"] == 69
    assert Delivery.objects.count() == Event.objects.count() == len(kinds)


def test_a_promise_is_told_when_taken_and_when_the_money_decided_it(anda):
    anda.subscribe(HOOK)
    plans.take_promise(
        contract_id=anda.wangs,
        promise=PromiseGiven(Money(10_000, "CNY"), BUSINESS_DAY),
        actor_id=anda.collector.pk,
        at=AT_TEN,
        as_of=BUSINESS_DAY,
    )
    run(BUSINESS_DAY + timedelta(days=1))

    data = {kind: data for kind, _, data in told()}
    assert data["promise.taken"]["amount_minor"] == 10_000
    assert data["promise.taken"]["due_on"] == "2026-11-20"
    assert data["promise.broken"] == {
        "amount_minor": 10_000, "paid_minor": 0, "due_on": "2026-11-20",
    }  # fmt: skip


def test_a_case_placed_and_taken_back_is_told_and_one_given_to_a_collector_is_not(anda):
    anda.subscribe(HOOK)
    agency = factories.make_agency()
    for place in (agency, None):
        assignment.place(
            choice=Choice(case_ids=(anda.case, anda.lis_case)),
            agency_id=place,
            seen=2,
            actor_id=1,
            at=AT_TEN,
            as_of=BUSINESS_DAY,
        )
    run(BUSINESS_DAY + timedelta(days=1))
    assert TimelineEntry.objects.filter(kind=TimelineKind.CASE_ASSIGNED).count() > 4

    placed = [(kind, contract, data) for kind, contract, data in told() if "moved" not in kind]
    assert placed == [
        ("case.placed", anda.wangs, {"agency_id": agency}),
        ("case.taken_back", anda.wangs, {}),
    ]


def test_a_payment_is_told_once_however_often_its_account_is_derived_anew(anda):
    anda.subscribe(HOOK)
    first = anda.pay("BANK-1")
    ledger.record_payment(
        contract_id=anda.wangs,
        amount_minor=1_000,
        currency="CNY",
        value_on=BUSINESS_DAY - timedelta(days=9),
        channel="CASH",
        reference="LATE-1",
        actor_id=1,
        at=AT_TEN,
        as_of=BUSINESS_DAY,
    )
    ledger.reverse_payment(
        contract_id=anda.wangs,
        payment_id=first,
        reason="王小强 的银行退票",
        actor_id=2,
        at=AT_TEN,
        as_of=BUSINESS_DAY,
    )

    of_money = [(kind, data) for kind, _, data in told() if kind.startswith("payment")]
    assert [kind for kind, _ in of_money] == [
        "payment.posted", "payment.posted", "payment.reversed",
    ]  # fmt: skip
    assert of_money[-1][1] == {
        "payment_id": first, "amount_minor": 540_000, "currency": "CNY",
        "reversed_on": "2026-11-20",
    }  # fmt: skip


def test_what_is_rolled_back_was_never_told(anda):
    anda.subscribe(HOOK)
    with transaction.atomic():
        TimelineEntry.objects.create(
            contract_id=anda.wangs, case_id=anda.case, at=AT_TEN, business_on=BUSINESS_DAY,
            kind="CASE_CURED", facts={},
        )  # fmt: skip
        assert (Event.objects.count(), Delivery.objects.count()) == (1, 1)
        transaction.set_rollback(True)

    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)


def test_each_subscription_gets_the_kinds_it_asked_for_and_a_paused_one_keeps_them(anda):
    anda.subscribe(HOOK, kinds=("payment.posted",))
    anda.subscribe(f"{HOOK}/cases", kinds=("case.opened",))
    anda.subscribe("https://hooks.hengtong.example/in", lender="hengtong")
    first = Subscription.objects.order_by("id")[0]
    Subscription.objects.filter(id=first.pk).update(state="PAUSED")
    anda.pay("BANK-1")

    assert [d.subscription_id for d in Delivery.objects.all()] == [first.pk]
    Subscription.objects.filter(id=first.pk).update(state="ENDED")
    anda.pay("BANK-2")
    assert Delivery.objects.count() == 1


def test_notes_reasons_and_names_are_in_no_event(anda):
    anda.subscribe(HOOK)
    facts = {"reason": "家属电话 13812346021", "note": "王小强", "reference": "王", "bucket": 3}
    TimelineEntry.objects.create(
        contract_id=anda.wangs, case_id=anda.case, at=AT_TEN, business_on=BUSINESS_DAY,
        kind="CASE_CURED", facts=facts,
    )  # fmt: skip

    assert told() == [("case.cured", anda.wangs, {"bucket": 3})]


def test_the_database_refuses_to_send_one_lenders_event_to_anothers_address(anda):
    anda.subscribe(HOOK)
    anda.subscribe("https://hooks.hengtong.example/in", lender="hengtong")
    anda.pay("BANK-1")
    theirs = Subscription.objects.get(lender_id=anda.other)

    for lender in (anda.lender, anda.other):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.create(
                event_id=Event.objects.get().pk, subscription_id=theirs.pk, lender_id=lender
            )
    assert Delivery.objects.count() == 1


def test_where_nobody_listens_the_triggers_write_nothing_and_ask_once(anda):
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhooks_anybody_listens()")
        assert cursor.fetchone() == (False,)
    anda.pay("BANK-1")
    run(BUSINESS_DAY + timedelta(days=1))

    assert Event.objects.count() == 0
