"""A lender's engineer keeps webhooks by key: subscribes, tests, reads what came of it, ends it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from recoup.foundation.access.rights import Right
from recoup.modules.webhooks.models import Delivery, Event, Secret, Subscription
from tests.factories import AT_TEN
from tests.interfaces.api.conftest import Partner, caller, make_service

WANTED = {
    "lender": "anda", "address": "https://hooks.anda.example/in", "kinds": ["payment.posted"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUP_OUTBOUND", "https://hooks.anda.example")


@pytest.fixture
def engineer(partner: Partner) -> Client:
    return partner.client([Right.KEEP_WEBHOOKS])


def post(client: Client, path: str, said: object) -> Any:
    text = said if isinstance(said, str) else json.dumps(said)
    return client.post(f"/api/v1/webhooks{path}", text, content_type="application/json")


def subscribe(client: Client, **more: object) -> dict[str, Any]:
    answer = post(client, "", WANTED | more)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_subscription_is_made_its_secret_shown_once_and_ended(engineer: Client) -> None:
    made = subscribe(engineer)
    number = made["webhook"]["id"]
    assert made["secret"].startswith("whsec_")
    shown = engineer.get(f"/api/v1/webhooks/{number}")
    assert shown.json() == made["webhook"]
    assert shown.json()["state"] == "ACTIVE"
    listing = engineer.get("/api/v1/webhooks")
    assert listing.json()["items"] == [made["webhook"]]
    assert made["secret"] not in listing.text + shown.text

    assert engineer.delete(f"/api/v1/webhooks/{number}").status_code == 204
    assert engineer.get(f"/api/v1/webhooks/{number}").status_code == 404
    assert engineer.delete(f"/api/v1/webhooks/{number}").status_code == 404
    assert Secret.objects.count() == 0


def test_what_is_sent_is_read_page_by_page_and_sent_again(engineer: Client) -> None:
    number = subscribe(engineer)["webhook"]["id"]
    sent = [post(engineer, f"/{number}/test", {}) for _ in range(3)]
    assert [answer.status_code for answer in sent] == [202] * 3
    ids = [answer.json()["event_id"] for answer in sent]

    first = engineer.get(f"/api/v1/webhooks/{number}/deliveries?limit=2").json()
    rest = engineer.get(
        f"/api/v1/webhooks/{number}/deliveries?limit=2&cursor={first['next']}"
    ).json()
    assert [one["event_id"] for one in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    Delivery.objects.update(state="GIVEN_UP", tries=13)
    one = first["items"][0]["id"]
    assert post(engineer, f"/{number}/replay", {"delivery_id": one}).json() == {"deliveries": 1}
    waiting = engineer.get(f"/api/v1/webhooks/{number}/deliveries?state=WAITING").json()
    assert [found["id"] for found in waiting["items"]] == [one]
    since = (AT_TEN - timedelta(days=1)).isoformat()
    assert post(engineer, f"/{number}/replay", {"since": since}).json() == {"deliveries": 3}


def test_it_is_paused_resumed_and_signed_anew(engineer: Client) -> None:
    number = subscribe(engineer)["webhook"]["id"]
    assert post(engineer, f"/{number}/pause", {}).json()["state"] == "PAUSED"
    again = post(engineer, f"/{number}/pause", {})
    assert (again.status_code, again.json()["code"]) == (409, "webhook_move_refused")
    assert post(engineer, f"/{number}/resume", {}).json()["state"] == "ACTIVE"
    new = post(engineer, f"/{number}/secret", {"keep_old_days": 7}).json()["secret"]
    assert new.startswith("whsec_")
    assert [one.ends_at for one in Secret.objects.order_by("id")] == [
        AT_TEN + timedelta(days=7),
        None,
    ]


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ("{", 400, "bad_request"),
        ("null", 422, "invalid"),
        ([], 422, "invalid"),
        (WANTED | {"more": 1}, 422, "invalid"),
        (WANTED | {"kinds": []}, 422, "invalid"),
        (WANTED | {"kinds": ["case.eaten"]}, 422, "invalid"),
        (WANTED | {"kinds": "case.opened"}, 422, "invalid"),
        (WANTED | {"address": "http://hooks.anda.example/in"}, 422, "webhook_address_unfit"),
        (WANTED | {"address": "https://u:p@hooks.anda.example/"}, 422, "webhook_address_unfit"),
        (WANTED | {"address": "https://169.254.169.254/"}, 422, "webhook_address_not_listed"),
        (WANTED | {"address": "https://x.example/" + "a" * 500}, 422, "invalid"),
        (WANTED | {"lender": "hengtong"}, 404, "lender_unknown"),
        (WANTED | {"lender": "nobody"}, 404, "lender_unknown"),
    ],
    ids=range(13),
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    engineer: Client, said: object, status: int, code: str
) -> None:
    answer = post(engineer, "", said)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Subscription.objects.count() == Secret.objects.count() == 0


def test_the_same_address_twice_is_one_subscription(engineer: Client) -> None:
    subscribe(engineer)
    answer = post(engineer, "", WANTED)

    assert (answer.status_code, answer.json()["code"]) == (409, "webhook_address_known")
    assert Subscription.objects.count() == Secret.objects.count() == 1


@pytest.mark.parametrize("said", [{}, {"delivery_id": 1, "since": "2026-11-20T00:00:00Z"}])
def test_a_replay_says_either_which_one_or_since_when(
    engineer: Client, said: dict[str, object]
) -> None:
    number = subscribe(engineer)["webhook"]["id"]

    assert post(engineer, f"/{number}/replay", said).status_code == 422


def test_anothers_subscription_answers_like_one_that_is_not_there(
    partner: Partner, engineer: Client
) -> None:
    number = subscribe(engineer)["webhook"]["id"]
    post(engineer, f"/{number}/test", {})
    theirs = make_service("hengtong-erp", partner.hengtong)
    other = caller(partner.key([Right.KEEP_WEBHOOKS], theirs))
    assert other.get("/api/v1/webhooks").json() == {"items": []}
    for path, said in (
        ("test", {}), ("pause", {}), ("resume", {}), ("secret", {}),
        ("replay", {"since": AT_TEN.isoformat()}),
    ):  # fmt: skip
        there = post(other, f"/{number}/{path}", said)
        nowhere = post(other, f"/999999/{path}", said)
        assert there.status_code == nowhere.status_code == 404
        assert there.json()["code"] == nowhere.json()["code"] == "webhook_unknown"
    assert other.get(f"/api/v1/webhooks/{number}/deliveries").status_code == 404
    assert other.delete(f"/api/v1/webhooks/{number}").status_code == 404
    assert Subscription.objects.get().state == "ACTIVE"
    assert (Secret.objects.count(), Event.objects.count()) == (1, 1)


def test_a_key_without_the_scope_keeps_nothing(partner: Partner) -> None:
    client = partner.client([Right.SEE_CASES, Right.POST_PAYMENTS, Right.TAKE_IN])

    assert post(client, "", WANTED).status_code == 403
    assert client.get("/api/v1/webhooks").status_code == 403
    assert Subscription.objects.count() == 0
