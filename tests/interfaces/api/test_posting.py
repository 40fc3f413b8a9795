"""Payments over the API: once however often they are sent, each for itself, in exact amounts."""

import json
from datetime import date

import pytest
from django.test import Client

from recoup.foundation.access.rights import Right
from recoup.modules.ledger.models import Payment
from tests.interfaces.api.conftest import Partner
from tests.interfaces.api.test_reading import body

POST = "/api/v1/payments"


def send(client: Client, *payments: object) -> object:
    return client.post(POST, json.dumps({"payments": payments}), content_type="application/json")


def results(answer: object) -> list[dict[str, object]]:
    assert answer.status_code == 200, answer.content  # type: ignore[attr-defined]
    return body(answer)["results"]  # type: ignore[return-value]


def test_a_payment_is_posted_and_settles_the_oldest_instalment(partner: Partner) -> None:
    client = partner.client()

    (posted,) = results(send(client, partner.payment()))

    payment = Payment.objects.get()
    assert posted == {
        "reference": "BANK-1", "contract_id": partner.wangs, "outcome": "POSTED",
        "payment_id": payment.id, "code": None, "detail": None,
    }  # fmt: skip
    assert (payment.amount_minor, payment.value_on) == (540_000, date(2026, 11, 19))
    assert payment.recorded_by == partner.user.pk
    after = body(client.get(f"/api/v1/contracts/{partner.wangs}/account"))
    assert after["dues"][0]["interest_minor"] == 0
    (listed,) = body(client.get(f"/api/v1/contracts/{partner.wangs}/payments"))["items"]
    assert (listed["reference"], listed["amount_minor"]) == ("BANK-1", 540_000)


def test_sent_again_it_is_known_and_posted_once(partner: Partner) -> None:
    client = partner.client()
    (first,) = results(send(client, partner.payment()))
    (again,) = results(send(client, partner.payment()))

    assert (again["outcome"], again["payment_id"]) == ("KNOWN", first["payment_id"])
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("other", [{"amount_minor": 1}, {"value_on": "2026-11-18"}])
def test_the_same_reference_for_something_else_is_refused(
    partner: Partner, other: dict[str, object]
) -> None:
    client = partner.client()
    send(client, partner.payment())
    (no,) = results(send(client, partner.payment(**other)))

    assert (no["outcome"], no["code"]) == ("REFUSED", "payment_reference_repeated")
    assert Payment.objects.count() == 1


def test_of_several_each_stands_for_itself(partner: Partner) -> None:
    answered = results(
        send(
            partner.client(),
            partner.payment(reference="A"),
            partner.payment(reference="B", currency="USD"),
            partner.payment(reference="C", contract_id=partner.lis),
            partner.payment(reference="D", value_on="2026-11-21"),
            partner.payment(reference="E"),
        )
    )

    assert [(one["outcome"], one["code"]) for one in answered] == [
        ("POSTED", None),
        ("REFUSED", "payment_currency_differs"),
        ("REFUSED", "contract_unknown"),
        ("REFUSED", "payment_value_date_ahead"),
        ("POSTED", None),
    ]
    assert set(Payment.objects.values_list("reference", flat=True)) == {"A", "E"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_minor": 0}, {"amount_minor": -1}, {"amount_minor": "540000"},
        {"amount_minor": 5400.5}, {"amount_minor": 5400.0}, {"amount_minor": True},
        {"amount_minor": None}, {"amount_minor": 2**63}, {"currency": "cny"}, {"currency": "CNYY"},
        {"value_on": 20261119}, {"value_on": "19/11/2026"}, {"channel": "SERVICER"},
        {"reference": ""}, {"reference": "a b"}, {"reference": "x\n"}, {"reference": "R" * 101},
        {"contract_id": "1"}, {"extra": 1}, {"recorded_by": 1}, {"posted_at": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_exactly_a_payment_is_refused_and_nothing_is_posted(
    partner: Partner, wrong: dict[str, object]
) -> None:
    answer = send(partner.client(), partner.payment(reference="GOOD"), partner.payment(**wrong))

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert body(answer)["errors"][0]["where"].startswith("body.")  # type: ignore[index]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("payments", [[], [{}] * 101])
def test_none_or_too_many_at_once_are_refused(partner: Partner, payments: list[object]) -> None:
    assert send(partner.client(), *payments).status_code == 422  # type: ignore[attr-defined]


def test_a_key_without_the_scope_posts_nothing_though_its_owner_might(partner: Partner) -> None:
    answer = send(partner.client([Right.SEE_CASES]), partner.payment())

    assert answer.status_code == 403  # type: ignore[attr-defined]
    assert body(answer)["code"] == "not_allowed"
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("said", "media", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 422),
        ("null", "application/json", 422),
        ('{"payments": []}', "text/plain", 415),
        ("payments=1", "application/x-www-form-urlencoded", 415),
        ("\udcff".encode("utf-8", "surrogateescape"), "application/json", 400),
        ("{" + " " * 1_048_577 + "}", "application/json", 413),
        ("[" * 100_000, "application/json", 400),
    ],
    ids=["cut off", "list", "null", "text", "form", "not utf-8", "large", "deep"],
)
def test_a_body_that_is_none_is_refused_as_a_problem(
    partner: Partner, said: str | bytes, media: str, status: int
) -> None:
    answer = partner.client().post(POST, said, content_type=media)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not Payment.objects.exists()


def test_a_method_that_is_not_offered_is_said(partner: Partner) -> None:
    answer = partner.client().delete(POST)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert body(answer)["code"] == "method_not_allowed"
