"""Events go out as they happen, signed, in order, until a real server has taken them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connections

from recoup.foundation.access.context import as_system, held
from recoup.modules.webhooks import jobs, queries, rules, services
from recoup.modules.webhooks.models import Delivery, Event, Secret, Subscription
from recoup.modules.webhooks.rules import SubscriptionState
from tests.support.receiver import receiving


def test_a_payment_is_told_signed_and_without_a_word_about_the_person(anda, receiver):
    made = anda.subscribe(receiver.address)
    payment = anda.pay("BANK-1 王小强")

    assert anda.send() == 1

    (got,) = receiver.got
    assert got.path == "/recoup"
    assert got.is_signed_with(made.secret)
    assert not got.is_signed_with(rules.new_secret())
    event = Event.objects.get()
    assert got.headers["webhook-id"] == got.said["id"] == str(event.public_id)
    assert got.headers["webhook-timestamp"] == str(int(anda.now.timestamp()))
    assert got.said == {
        "id": str(event.public_id),
        "type": "payment.posted",
        "timestamp": "2026-11-20T02:00:00.000+00:00",
        "data": {
            "lender": "anda",
            "contract_id": anda.wangs,
            "contract_number": "AF-1",
            "currency": "CNY",
            "payment_id": payment,
            "amount_minor": 540_000,
            "value_on": "2026-11-20",
            "channel": "TRANSFER",
        },
    }
    assert anda.states() == [("DELIVERED", 1, 204)]
    assert anda.send() == 0


def test_a_lender_is_told_nothing_of_anothers(anda, receiver):
    anda.subscribe(receiver.address)
    anda.pay("HT-1", contract=anda.lis)
    assert Event.objects.count() == 0

    anda.pay("BANK-1")
    anda.send()

    assert [got.said["data"]["contract_number"] for got in receiver.got] == ["AF-1"]


def test_both_secrets_sign_while_one_changes_and_the_old_one_ends(anda, receiver):
    made = anda.subscribe(receiver.address)
    new = services.rotate_secret(subscription_id=made.id, keep_old_days=1, at=anda.now)
    anda.pay("BANK-1")
    anda.send()
    anda.wait(days=1, seconds=1)
    anda.pay("BANK-2")
    anda.send()

    first, second = receiver.got
    assert first.is_signed_with(made.secret)
    assert first.is_signed_with(new)
    assert second.is_signed_with(new)
    assert not second.is_signed_with(made.secret)
    assert len(queries.secrets_of(made.id, at=anda.now)) == 1
    sealed = [bytes(one.sealed) for one in Secret.objects.all()]
    assert all(secret.encode() not in whole for secret in (made.secret, new) for whole in sealed)


def test_events_go_in_the_order_they_happened(anda, receiver):
    anda.subscribe(receiver.address)
    paid = [anda.pay(f"BANK-{n}", amount=100 + n) for n in range(5)]

    assert anda.send() == 5

    assert [got.said["data"]["payment_id"] for got in receiver.got] == paid


def test_a_receiver_that_is_down_is_tried_again_with_growing_pauses_and_nothing_is_lost(
    anda, receiver
):
    anda.subscribe(receiver.address)
    receiver.status = 503
    anda.pay("BANK-1")
    anda.pay("BANK-2")

    tried = []
    while len(tried) < 4:
        if anda.send():
            tried.append(anda.now)
        anda.wait(seconds=1)
    assert len(receiver.got) == 4, "one event at a time, until one is taken"
    pauses = [b - a for a, b in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)

    receiver.status = 200
    anda.wait(hours=1)
    anda.send()
    assert [state for state, *_ in anda.states()] == ["DELIVERED", "DELIVERED"]
    assert Subscription.objects.get().failures == 0


def test_an_event_that_its_receiver_refuses_does_not_hold_up_the_next(anda, receiver):
    anda.subscribe(receiver.address)
    receiver.refuses = {"webhook.test"}
    number = Subscription.objects.get().pk
    services.send_test(subscription_id=number, at=anda.now)
    anda.pay("BANK-1")

    assert anda.send() == 2

    assert anda.states() == [("WAITING", 1, 400), ("DELIVERED", 1, 204)]


def test_an_event_nobody_takes_is_given_up_after_three_days_and_can_be_sent_again(anda, receiver):
    made = anda.subscribe(receiver.address)
    receiver.refuses = {"webhook.test"}
    services.send_test(subscription_id=made.id, at=anda.now)
    began = anda.now
    while Delivery.objects.get(event__kind="webhook.test").state == "WAITING":
        anda.pay(f"BANK-{anda.now:%d%H%M%S}")  # what is taken shows that it is not the receiver
        anda.send()
        anda.wait(**{"minutes": 10} if anda.now - began < timedelta(hours=1) else {"hours": 3})

    given_up = Delivery.objects.get(event__kind="webhook.test")
    assert (given_up.state, given_up.tries) == ("GIVEN_UP", len(rules.PAUSES) + 1)
    assert anda.now - began > timedelta(days=3)
    assert queries.subscription(made.id).given_up == 1
    receiver.refuses = set()
    services.replay_one(subscription_id=made.id, delivery_id=given_up.pk)
    anda.send()
    given_up.refresh_from_db()
    assert given_up.state == "DELIVERED"


def test_a_subscription_that_fails_for_days_is_paused_and_resumed_without_a_loss(anda, receiver):
    made = anda.subscribe(receiver.address)
    receiver.status = 500
    anda.pay("BANK-1")
    until = anda.now + timedelta(days=4)
    while anda.now < until:
        anda.send()
        anda.wait(hours=2)

    row = queries.subscription(made.id)
    assert (row.state, row.waiting) == (SubscriptionState.FAILING, 1)
    anda.pay("BANK-2")
    assert anda.send() == 0
    receiver.status, receiver.got = 204, []
    services.resume(subscription_id=made.id)
    assert anda.send() == 2
    assert {got.said["type"] for got in receiver.got} == {"payment.posted"}
    assert queries.subscription(made.id).failing_since is None


def test_410_ends_it_and_a_person_can_begin_it_again(anda, receiver):
    made = anda.subscribe(receiver.address)
    receiver.status = 410
    anda.pay("BANK-1")
    anda.send()
    assert queries.subscription(made.id).state is SubscriptionState.GONE
    anda.pay("BANK-2")
    anda.wait(days=1)
    assert anda.send() == 0
    assert Delivery.objects.count() == 1, "who is gone is told nothing more"

    receiver.status = 204
    services.resume(subscription_id=made.id)
    assert anda.send() == 1


@pytest.mark.parametrize("said", ["120", "Fri, 20 Nov 2026 02:02:00 GMT"])
def test_a_receiver_that_asks_for_time_gets_it(anda, receiver, said):
    anda.subscribe(receiver.address)
    receiver.status, receiver.headers = 429, {"Retry-After": said}
    anda.pay("BANK-1")
    anda.send()
    receiver.status = 204

    anda.wait(seconds=119)
    assert anda.send() == 0
    anda.wait(seconds=2)
    assert anda.send() == 1


def test_a_slow_receiver_is_cut_off_and_tried_again(anda, receiver):
    anda.subscribe(receiver.address)
    receiver.seconds = 12
    anda.pay("BANK-1")

    assert anda.send() == 1

    ((state, tries, status),) = anda.states()
    assert (state, tries, status) == ("WAITING", 1, None)
    assert Delivery.objects.get().answer_why == "TimeoutError"
    assert 9_000 < Delivery.objects.get().answer_ms < 14_000


def test_a_wrong_certificate_gets_nothing(anda, receiver, monkeypatch):
    anda.subscribe(receiver.address)
    monkeypatch.delenv("SSL_CERT_FILE")
    anda.pay("BANK-1")
    anda.send()

    assert receiver.got == []
    assert Delivery.objects.get().answer_why == "SSLCertVerificationError"


def test_an_address_that_is_no_longer_listed_gets_nothing(anda, receiver, monkeypatch):
    anda.subscribe(receiver.address)
    anda.pay("BANK-1")
    monkeypatch.setenv("RECOUP_OUTBOUND", f"https://localhost:{receiver.port}")  # no network
    anda.send()
    assert receiver.got == []
    assert "not a public one" in Delivery.objects.get().answer_why

    monkeypatch.setenv("RECOUP_OUTBOUND", "https://elsewhere.example")
    anda.wait(minutes=10)
    anda.send()
    assert receiver.got == []
    assert "not listed" in Delivery.objects.get().answer_why


def test_a_redirect_is_an_answer_and_not_followed(anda, receiver):
    anda.subscribe(receiver.address)
    receiver.status = 307
    receiver.headers = {"Location": f"https://localhost:{receiver.port}/elsewhere"}
    anda.pay("BANK-1")
    anda.send()

    assert [got.path for got in receiver.got] == ["/recoup"]
    assert anda.states() == [("WAITING", 1, 307)]


def test_two_workers_at_once_send_each_event_once(anda, receiver):
    made = anda.subscribe(receiver.address)
    for n in range(20):
        anda.pay(f"BANK-{n}")

    def work() -> int:
        try:
            with as_system("webhooks"):
                return jobs.send_waiting(subscription_id=made.id, clock=anda.clock)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        tries = sum(done.result() for done in [pool.submit(work) for _ in range(4)])

    assert tries == 20
    assert len({got.said["id"] for got in receiver.got}) == len(receiver.got) == 20


def test_what_a_killed_worker_had_taken_is_sent_by_the_next(anda, receiver):
    made = anda.subscribe(receiver.address)
    anda.pay("BANK-1")
    with as_system("webhooks"):
        taken = services.take_next(subscription_id=made.id, at=anda.now)
    assert taken is not None  # and here it is killed

    assert anda.send() == 0
    anda.wait(seconds=61)
    assert anda.send() == 1
    assert receiver.got[0].said["id"] == taken.event_id
    assert anda.states() == [("DELIVERED", 2, 204)]


def test_a_clock_that_was_a_year_ahead_holds_nothing_up(anda, receiver):
    anda.subscribe(receiver.address)
    receiver.status = 503
    anda.now += timedelta(days=365)
    anda.pay("BANK-1")
    anda.send()
    anda.now -= timedelta(days=365)
    receiver.status = 204

    assert anda.send() == 1
    assert receiver.got[-1].headers["webhook-timestamp"] == str(int(anda.now.timestamp()))


def test_what_is_sent_again_since_a_moment_keeps_its_ids(anda, receiver):
    made = anda.subscribe(receiver.address)
    anda.pay("BANK-1")
    anda.pay("BANK-2")
    anda.send()
    written = Event.objects.order_by("id").last().written_at

    again = services.replay_since(subscription_id=made.id, since=written, at=written)
    anda.send()

    assert again == 1
    ids = [got.said["id"] for got in receiver.got]
    assert ids[2:] == ids[1:2]
    with pytest.raises(rules.SinceTooEarly):
        services.replay_since(
            subscription_id=made.id, since=written - timedelta(days=31), at=written
        )


def test_after_thirty_days_an_event_is_forgotten_with_its_deliveries(anda, receiver):
    anda.subscribe(receiver.address)
    anda.pay("BANK-1")
    written = Event.objects.get().written_at

    with as_system("webhooks"):
        assert services.forget(at=written + timedelta(days=29)) == 0
        assert services.forget(at=written + timedelta(days=31)) == 1
    assert Delivery.objects.count() == 0


def test_whoever_comes_back_at_the_same_place_finds_what_waited(
    anda, receiver, papers, monkeypatch
):
    """The receiver's machine is off: no connection at all; then it is back."""
    with receiving(*papers) as gone:
        port, address = gone.port, gone.address
    monkeypatch.setenv("RECOUP_OUTBOUND", f"https://localhost:{port}=127.0.0.0/8")
    anda.subscribe(address)
    anda.pay("BANK-1")
    anda.send()
    assert Delivery.objects.get().answer_why == "ConnectionRefusedError"
    anda.wait(seconds=5)
    with receiving(*papers, port=port) as back:
        assert anda.send() == 1
        assert back.kinds() == ["payment.posted"]


def test_only_its_own_lenders_engineer_keeps_a_subscription(anda, receiver):
    made = anda.subscribe(receiver.address)
    acts = (
        lambda: services.pause(subscription_id=made.id),
        lambda: services.end(subscription_id=made.id),
        lambda: services.rotate_secret(subscription_id=made.id, keep_old_days=0, at=anda.now),
        lambda: services.send_test(subscription_id=made.id, at=anda.now),
        lambda: services.replay_since(subscription_id=made.id, since=anda.now, at=anda.now),
        lambda: queries.subscription(made.id),
    )
    with held(anda.engineer(anda.other)):
        for act in acts:
            with pytest.raises(rules.SubscriptionUnknown):
                act()
        with pytest.raises(rules.LenderUnknown):
            anda.subscribe(receiver.address + "2")
        assert queries.subscriptions() == []
    assert Subscription.objects.get().state == "ACTIVE"
    assert Secret.objects.get().ends_at is None
    assert Event.objects.count() == 0
