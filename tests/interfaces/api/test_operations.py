"""Every operation × every role, compared with docs/security/matrix.toml; and keys themselves."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.client import encode_multipart
from django.urls import get_resolver

from recoup.foundation.access.rights import Right
from recoup.foundation.audit.models import Event
from recoup.foundation.sign_in.models import ServiceKey
from recoup.foundation.sign_in.services import revoke_key, revoke_keys
from recoup.interfaces.api.api import api
from recoup.interfaces.api.described import described
from recoup.interfaces.api.keys import PER_KEY, WRONG_KEYS, ByKey, acting
from recoup.interfaces.api.operations import OPERATIONS
from recoup.modules.intake.models import Batch
from recoup.modules.webhooks.models import Subscription
from recoup.modules.workforce.models import User
from tests import factories
from tests.declared import matrix, rights_of
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.interfaces.api.conftest import Partner, caller
from tests.interfaces.api.test_reading import body

DECLARED: dict[str, str] = matrix()["operations"]
ROLES = sorted(matrix()["roles"])
OTHER = {"openapi": ("GET", "/api/openapi.json")}


def addresses() -> dict[str, tuple[str, str]]:
    """Method and address of every operation, with 1 where it asks for a number."""
    named = dict(OTHER)
    for path, methods in described(api)["paths"].items():
        for method, said in methods.items():
            name = said["operationId"].rpartition("_")[2]
            named[_name_of(said["operationId"]) or name] = (method.upper(), _filled(path))
    return named


def _name_of(operation_id: str) -> str:
    return next((name for name in OPERATIONS if operation_id.endswith(f"_{name}")), "")


def _filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path)


def test_every_operation_is_declared_with_its_right_and_no_other() -> None:
    said = {
        name: known.right.value if known.right else "any key" for name, known in OPERATIONS.items()
    }

    assert said == DECLARED
    assert set(addresses()) == set(DECLARED)


def test_every_view_of_the_api_is_an_operation() -> None:
    (resolver,) = [r for r in get_resolver().url_patterns if str(r.pattern) == "api/"]
    names = {name for name in resolver.reverse_dict if isinstance(name, str)}
    inner = {
        name
        for nested in resolver.url_patterns
        for name in getattr(nested, "reverse_dict", {})
        if isinstance(name, str)
    }

    assert names | inner == set(DECLARED) | {"api-root"}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reaches_what_is_declared_and_nothing_else(partner: Partner, role: str) -> None:
    more = {
        "AGENCY": lambda: {"agency_id": factories.make_agency()},
        "LENDER": lambda: {"lender_id": partner.anda},
        "SERVICE": lambda: {"lender_id": partner.anda},
        "INSPECTOR": lambda: {"expires_on": BUSINESS_DAY.replace(year=2099)},
    }.get(role, dict)()
    user = factories.make_collector(f"svc_{role.lower()}", role=role, **more)
    client = caller(partner.key(tuple(Right), user))
    client.raise_request_exception = False

    reached = {
        name
        for name, (method, address) in addresses().items()
        if client.generic(method, address, *_sound(name)).status_code != 403
    }

    allowed = rights_of(role)
    assert reached == {n for n, right in DECLARED.items() if right == "any key" or right in allowed}


FILE = {
    "lender": "anda", "kind": "contracts", "mapping": "none",
    "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n"),
}  # fmt: skip
MULTIPART = "multipart/form-data; boundary=B"
UNSEEN = {"who_am_i", "openapi", "last_night"}  # nobody's data


def _sound(name: str) -> tuple[bytes, str]:
    if name == "post_payments":
        return b'{"payments": [%s]}' % json.dumps(_PAYMENT).encode(), "application/json"
    if name == "send_file":
        return encode_multipart("B", FILE), MULTIPART
    if name in WEBHOOKS:
        return json.dumps(WEBHOOKS[name]).encode(), "application/json"
    return b"", "application/octet-stream"


WEBHOOKS: dict[str, dict[str, object]] = {
    "subscribe_webhook": {
        "lender": "anda", "address": "https://hooks.example/", "kinds": ["case.opened"],
    },
    "pause_webhook": {}, "resume_webhook": {}, "rotate_webhook_secret": {}, "test_webhook": {},
    "replay_webhook": {"delivery_id": 1},
}  # fmt: skip
_PAYMENT = {
    "contract_id": 1, "amount_minor": 1, "currency": "CNY", "value_on": "2026-11-19",
    "channel": "TRANSFER", "reference": "R",
}  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer recoup_000000000000_" + "0" * 64,
        "Token recoup_a_b", "Bearer \u00e9", "Bearer " + "a" * 5000,
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_key_opens_nothing(partner: Partner, said: str) -> None:
    answer = Client(headers={"authorization": said}).get("/api/v1/contracts")

    assert answer.status_code == 401
    assert body(answer)["code"] == "key_refused"


def test_a_key_that_has_ended_was_revoked_or_whose_owner_left_opens_nothing(
    partner: Partner,
) -> None:
    def opens(client: Client) -> bool:
        return client.get("/api/v1/me").status_code == 200

    revoked, later, left = partner.client(), partner.client(), partner.client()
    assert opens(revoked)
    revoke_key(key_id=_newest() - 2, at=AT_TEN)
    with time_machine.travel(AT_TEN + timedelta(days=31), tick=False):
        assert not opens(later)
    assert opens(left)
    User.objects.filter(pk=partner.user.pk).update(is_active=False)
    assert not opens(left)
    User.objects.filter(pk=partner.user.pk).update(is_active=True)
    assert not opens(revoked)
    revoke_keys(user_id=partner.user.pk, at=AT_TEN)
    assert not opens(left)


def _newest() -> int:
    return int(ServiceKey.objects.order_by("-id")[0].pk)


def test_a_browsers_session_opens_nothing_here(partner: Partner) -> None:
    signed_in = Client()
    signed_in.force_login(factories.make_collector("op", role="LEADER"))

    assert signed_in.get("/api/v1/contracts").status_code == 401


def test_the_scopes_hold_in_the_database_too(partner: Partner) -> None:
    """Even where a view forgot to ask: the connection itself has no more rights than the key."""
    request = RequestFactory().get("/api/v1/me")
    request.auth = ByKey().authenticate(request, partner.key([Right.SEE_CASES]))  # type: ignore[attr-defined]
    with acting(request, None), connection.cursor() as cursor:
        cursor.execute("SELECT access_may('SEE_CASES'), access_may('POST_PAYMENTS')")
        assert cursor.fetchone() == (True, False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_user()")
        assert cursor.fetchone() == (None,)


def test_a_key_that_asks_too_often_is_told_when_to_come_back(partner: Partner) -> None:
    client, other = partner.client(), partner.client()
    statuses = [client.get("/api/v1/me").status_code for _ in range(PER_KEY.at_once + 1)]

    assert statuses == [200] * PER_KEY.at_once + [429]
    answer = client.get("/api/v1/me")
    assert answer["Retry-After"] == "1"
    assert other.get("/api/v1/me").status_code == 200


def test_guessing_keys_is_slowed_down_and_right_keys_are_not(partner: Partner) -> None:
    guess = caller("recoup_000000000000_" + "0" * 64)
    statuses = [guess.get("/api/v1/me").status_code for _ in range(WRONG_KEYS.at_once + 1)]

    assert statuses == [401] * WRONG_KEYS.at_once + [429]
    assert partner.client().get("/api/v1/me").status_code == 200


READS = sorted(name for name, (method, _) in addresses().items() if method == "GET")


@pytest.mark.parametrize("name", [name for name in READS if name not in UNSEEN])
def test_every_read_of_data_is_on_record_with_key_and_operation(
    partner: Partner, name: str
) -> None:
    auditor = factories.make_collector("auditor", role="AUDIT")
    batch = _make_batch(partner) if "batch" in name or "fault" in name else 0
    key = partner.key(tuple(Right), auditor if name == "list_events" else None)
    client = caller(key)
    _, address = addresses()[name]
    real = address.replace("/contracts/1", f"/contracts/{partner.wangs}")
    real = real.replace("/batches/1", f"/batches/{batch}")
    real = real.replace("/webhooks/1", f"/webhooks/{_make_subscription(partner)}")
    before = Event.objects.count()

    assert client.get(real).status_code == 200

    event = Event.objects.exclude(act="CHANGED").order_by("at", "number").last()
    assert Event.objects.count() > before
    assert event.facts["operation"] == name
    assert event.actor_id in {partner.user.pk, auditor.pk}


def _make_subscription(partner: Partner) -> int:
    """Where Anda's events are sent."""
    return int(
        Subscription.objects.create(
            lender_id=partner.anda,
            address="https://hooks.anda.example/",
            kinds=["case.opened"],
            made_at=AT_TEN,
        ).pk
    )


def _make_batch(partner: Partner) -> int:
    """A file that Anda sent earlier."""
    return int(
        Batch.objects.create(
            lender_id=partner.anda, kind="contracts", filename="a.csv", sha256="0" * 64,
            size_bytes=1,
            received_at=AT_TEN,
        ).pk
    )  # fmt: skip
