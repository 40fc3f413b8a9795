"""The lender's page of webhooks: subscribe, see the secret once, test, read the answer, end it."""

import re

import pytest
from django.test import Client

from recoup.modules.webhooks.models import Delivery, Secret, Subscription
from tests import factories
from tests.interfaces.web.mornings import signed_in
from tests.interfaces.web.story import words
from tests.interfaces.web.test_staff import strengthen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
WANTED = {
    "lender": "anda", "address": "https://hooks.anda.example/in",
    "kind": ["payment.posted", "case.opened"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def listed(monkeypatch):
    monkeypatch.setenv("RECOUP_OUTBOUND", "https://hooks.anda.example")


def engineer(language: str = "en", username: str = "anda_it", code: str = "anda") -> Client:
    lender = factories.make_lender(code, code)
    user = factories.make_collector(username, username, role="LENDER", lender_id=lender)
    client = signed_in(user, language)
    strengthen(client)
    return client


@pytest.fixture
def anda() -> Client:
    factories.make_finished_night()
    return engineer()


def subscribed(client: Client) -> str:
    """The address of a new subscription's page."""
    assert client.post("/webhooks", WANTED).status_code == 200
    return f"/webhooks/{Subscription.objects.latest('id').pk}"


def test_the_secret_is_shown_in_the_answer_and_on_no_page_after(anda):
    answer = anda.post("/webhooks", WANTED)
    secret = re.search(r"whsec_[\w+/=]+", answer.text)[0]
    page = f"/webhooks/{Subscription.objects.get().pk}"

    assert "Shown this one time" in answer.text
    assert answer["Cache-Control"].startswith("max-age=0")
    for address in ("/webhooks", page):
        assert secret not in anda.get(address).text
    assert "Case opened" in words(anda.get(page).text)


def test_a_test_event_stands_on_the_page_with_what_was_answered(anda):
    page = subscribed(anda)
    said = words(anda.post(f"{page}/test", follow=True).text)
    assert "A test event is on its way" in said
    assert "Waiting" in said
    Delivery.objects.update(state="GIVEN_UP", tries=13, answer_why="TimeoutError", answer_ms=10_000)
    said = words(anda.get(f"{page}?show=GIVEN_UP").text)
    assert "Given up" in said
    assert "no answer in time" in said

    one = Delivery.objects.get().pk
    assert "1 event is sent again." in words(
        anda.post(f"{page}/replay", {"delivery": one}, follow=True).text
    )
    assert Delivery.objects.get().state == "WAITING"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"address": "http://hooks.anda.example/"}, "must be https"),
        ({"address": "https://10.0.0.1/"}, "has not listed"),
        ({"address": ""}, "must be https"),
        ({"address": "https://hooks.anda.example/" + "x" * 600}, "must be https"),
        ({"kind": []}, "at least one"),
        ({"kind": ["case.eaten"]}, "at least one"),
        ({"lender": "hengtong"}, "no lender with the code"),
    ],
)
def test_what_is_wrong_is_said_above_the_form_which_keeps_what_was_typed(anda, typed, said):
    factories.make_lender("hengtong", "恒通融资租赁")
    answer = anda.post("/webhooks", WANTED | typed)

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert (WANTED | typed)["address"] in answer.text
    assert Subscription.objects.count() == 0


def test_the_form_sent_twice_makes_one_subscription(anda):
    subscribed(anda)
    answer = anda.post("/webhooks", WANTED)

    assert answer.status_code == 422
    assert "There is a subscription for this address already." in answer.text
    assert Secret.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [{}, {"since": ""}, {"since": "yesterday"}, {"since": "2026-02-30T10:00"},
     {"since": "0001-01-01T00:00"}, {"since": "9999-12-31T23:59"}, {"delivery": "x"},
     {"delivery": "9" * 30}],
)  # fmt: skip
def test_a_moment_or_number_nobody_can_read_is_refused_in_words(anda, typed):
    page = subscribed(anda)
    answer = anda.post(f"{page}/replay", typed, follow=True)

    assert answer.status_code == 200
    assert "Fill in every field" in answer.text


def test_it_is_paused_resumed_signed_anew_and_ended(anda):
    page = subscribed(anda)
    assert "Paused." in words(anda.post(f"{page}/pause", follow=True).text)
    assert "It goes on" in words(anda.post(f"{page}/resume", follow=True).text)
    assert "whsec_" in anda.post(f"{page}/secret", {"days": "7"}).text
    assert anda.post(f"{page}/secret", {"days": "400"}).status_code == 302
    assert Secret.objects.count() == 2
    assert "Ended." in words(anda.post(f"{page}/end", follow=True).text)
    assert anda.get(page).status_code == 404
    assert anda.post(f"{page}/test").status_code == 404


def test_a_failing_subscription_is_told_of_on_the_page(anda):
    page = subscribed(anda)
    Subscription.objects.update(state="FAILING")

    assert "1 subscription failed for three days" in words(anda.get("/webhooks").text)
    assert "It failed for three days and was paused." in words(anda.get(page).text)


def test_another_lenders_engineer_finds_nothing_there(anda):
    page = subscribed(anda)
    other = engineer(username="hengtong_it", code="hengtong")

    assert "hooks.anda" not in other.get("/webhooks").text
    for path in ("", "/test", "/pause", "/end", "/secret", "/replay"):
        method = other.post if path else other.get
        assert method(page + path, {"days": "1", "delivery": "1"}).status_code == 404
    assert Subscription.objects.get().state == "ACTIVE"


def test_the_page_reads_chinese():
    client = engineer("zh-hans")
    page = subscribed(client)
    client.post(f"{page}/test")

    assert "事件推送" in client.get("/webhooks").text
    assert "测试事件" in words(client.get(page).text)
