"""Every answer of every address: headers, its number, no data on errors, limits that hold."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from recoup.config import urls as real
from recoup.foundation.request_log import JsonLines, begin, request_id
from recoup.foundation.throttle import Limit
from recoup.interfaces.web.hardening import BODY_BYTES, BY_ADDRESS, BY_PERSON
from tests import factories
from tests.factories import AT_TEN
from tests.interfaces.web.story import Morning, words
from tests.support.production import in_production

pytestmark = pytest.mark.django_db

SECRET = "王小强 13812346021"


def fails(request: HttpRequest) -> HttpResponse:
    """A bug, with a debtor's name in its message."""
    name = SECRET
    raise RuntimeError(f"cannot read {name}")


urlpatterns = [*real.urlpatterns, path("fails", fails)]
handler400, handler500 = real.handler400, real.handler500

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
ADDRESSES = {
    "page": "/", "case": "/contracts/{wang}/case", "search": "/search?q=x", "sign-in": "/login",
    "nothing": "/nothing-here", "style": "/static/ui/kit.css", "api": "/api/v1/me",
    "api nothing": "/api/nothing", "bug": "/fails", "forbidden": "/staff",
}  # fmt: skip


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_every_kind_of_answer_bears_every_header(morning: Morning, address: str) -> None:
    morning.client.raise_request_exception = False
    answer = morning.client.get(address.format(wang=morning.contract))

    assert {name: answer.get(name) for name in EXPECTED} == EXPECTED
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert len(answer["X-Request-Id"]) == 16
    assert "camera=()" in answer["Permissions-Policy"]
    kept = answer["Cache-Control"]
    assert ("public" in kept) if address.startswith("/static") else ("no-store" in kept)


@pytest.mark.urls(__name__)
def test_a_bug_shows_a_number_and_nothing_else_and_the_log_has_the_place_not_the_values(
    morning: Morning, caplog: pytest.LogCaptureFixture
) -> None:
    morning.client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = morning.client.get("/fails")

    text = answer.content.decode()
    assert answer.status_code == 500
    assert answer["X-Request-Id"] in text
    assert "王小强" not in text
    assert "Traceback" not in text
    (record,) = [one for one in caplog.records if one.exc_info]
    assert json.loads(JsonLines().format(record))["request"] == answer["X-Request-Id"]
    line = JsonLines().format(record)
    assert "fails" in json.loads(line)["trace"][-1]
    assert json.loads(line)["error"] == "RuntimeError"
    assert "王小强" not in line


@pytest.mark.urls(__name__)
def test_a_bug_behind_the_api_is_a_problem_with_the_same_number(morning: Morning) -> None:
    answer = Client(raise_request_exception=False).get("/api/nothing")

    said = json.loads(answer.content)
    assert said["instance"] == f"urn:recoup:request:{answer['X-Request-Id']}"


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda client: client.get("/", headers={"host": "evil.example"}), 400),
        (lambda client: client.get("/nothing"), 404),
        (lambda client: client.post("/search"), 405),
        (lambda client: client.post("/login", b"x", content_type="text/plain",
                                    headers={"content-length": str(BODY_BYTES + 1)}), 413),
        (lambda client: client.generic("TRACE", "/"), 405),
    ],
    ids=["host", "nothing", "method", "large", "trace"],
)  # fmt: skip
def test_what_cannot_be_answered_is_said_without_data(
    morning: Morning, ask: Any, status: int
) -> None:
    morning.client.raise_request_exception = False
    answer = ask(morning.client)

    assert answer.status_code == status
    assert "王小强" not in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_the_bilingual_pages_speak_both_languages(morning: Morning) -> None:
    answer = morning.client.get("/", headers={"host": "evil.example"})

    text = words(answer.content.decode())
    assert "无法读取这个请求" in text
    assert "could not be read" in text


def test_a_forged_form_is_refused_in_our_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login", {"login": "x", "password": "y"})

    assert answer.status_code == 403
    assert "安全" in words(answer.content.decode())


def test_searching_by_machine_is_slowed_down_and_a_colleague_is_not(morning: Morning) -> None:
    most = BY_PERSON["search"].at_once
    statuses = [morning.client.get("/search?q=x").status_code for _ in range(most + 1)]

    assert statuses == [200] * most + [429]
    refused = morning.client.get("/search?q=x")
    assert refused["Retry-After"] == "2"
    assert "操作过于频繁" in words(refused.content.decode())
    colleague = Client()
    colleague.force_login(factories.make_collector("he_jie"))
    assert colleague.get("/search?q=x").status_code == 200
    with time_machine.travel(AT_TEN + timedelta(seconds=5), tick=False):
        assert morning.client.get("/search?q=x").status_code == 200


def test_trying_names_from_one_address_is_slowed_down_and_other_addresses_are_not(
    at_ten: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("login", per_minute=60, at_once=3)
    monkeypatch.setitem(BY_ADDRESS, "login", few)
    client = Client()
    statuses = [client.post("/login", {"login": f"u{n}"}).status_code for n in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert client.post("/login", {"login": "x"}, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_signing_out_clears_what_the_browser_kept(morning: Morning) -> None:
    answer = morning.client.post("/logout")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_a_log_line_cannot_be_forged(db: None) -> None:
    record = logging.LogRecord("x", 30, "f", 1, 'one\n{"level": "INFO"}\u2028two %s', ("\r",), None)
    number = begin()
    said = JsonLines().format(record)

    assert "\n" not in said
    assert json.loads(said)["request"] == number
    assert number == request_id() != begin()


def test_django_finds_nothing_to_object_to_in_production() -> None:
    said = in_production(
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )

    assert "no issues" in said, said


def test_behind_tls_browsers_are_led_to_https_and_machines_are_refused() -> None:
    said = in_production(
        "from django.test import Client\n"
        "c = Client(headers={'host': 'recoup.test'})\n"
        "print(c.get('/api/v1/me').status_code)\n"
        "a = c.get('/nothing'); print(a.status_code, a['Location'])\n"
        "from django.conf import settings\n"
        "print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE)\n"
        "a = c.get('/static/ui/kit.css', headers={'x-forwarded-proto': 'https'})\n"
        "print(a['Strict-Transport-Security'])"
    )

    assert said.splitlines()[-4:] == [
        "403",
        "301 https://recoup.test/nothing",
        "__Host-session True",
        "max-age=63072000; includeSubDomains",
    ], said


def test_a_header_of_a_proxy_counts_only_where_there_is_one(db: None) -> None:
    said = in_production(
        "from django.test import RequestFactory\n"
        "r = RequestFactory().get('/', headers={'x-forwarded-proto': 'https'})\n"
        "print(r.is_secure())",
        RECOUP_PROXIES="0",
    )

    assert said.splitlines()[-1] == "False"
