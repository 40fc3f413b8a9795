"""What browsers are told: cookies, other origins, folders, fields, names; and what is written.

Requirements of docs/security/asvs.md that other tests touch only in passing.
"""

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from recoup.foundation.request_log import JsonLines
from recoup.interfaces.api.keys import PER_KEY, WRONG_KEYS
from recoup.interfaces.web import downloads, hardening
from tests import factories
from tests.declared import matrix
from tests.interfaces.web.story import Morning
from tests.interfaces.web.test_matrix import login_of, routes
from tests.support.production import in_production

pytestmark = pytest.mark.django_db
EVIL = {"origin": "https://evil.example", "access-control-request-method": "POST"}


def test_every_cookie_is_for_this_site_and_for_no_script(at_ten: None) -> None:
    factories.make_collector()
    client, seen = Client(), set[str]()
    login = {"login": "liu_min", "password": factories.PASSWORD}
    for answer in (
        client.get("/login"),
        client.post("/login", login),
        client.post("/language", {"language": "en"}),
    ):
        for name, cookie in answer.cookies.items():
            seen.add(name)
            flags = cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]
            assert flags == (True, "Lax", "", "/"), name

    assert seen == {"csrftoken", "sessionid", "language"}


def test_behind_tls_every_cookie_is_secure_and_bound_to_the_host() -> None:
    said = in_production(
        "from django.conf import settings as s\n"
        "from django.http import HttpResponse\n"
        "from recoup.interfaces.web.language import remember_language\n"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN)\n"
        "print(s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_DOMAIN)\n"
        "print(remember_language(HttpResponse(), 'en').cookies.output(header=''))"
    )

    session, csrf, language = said.splitlines()[-3:]
    assert session == "__Host-session True None"
    assert csrf == "__Host-csrf True None"
    assert language.strip().startswith("__Host-language=en;")
    assert "Secure" in language
    assert "Domain" not in language


def test_what_only_developers_need_is_not_there_behind_tls() -> None:
    said = in_production(
        "from django.urls import resolve, Resolver404\n"
        "for path in ('/gallery', '/team'):\n"
        "    try: print(resolve(path).url_name)\n"
        "    except Resolver404: print('nothing')\n"
        "from django.conf import settings; print(settings.DEBUG)"
    )

    assert said.splitlines()[-3:] == ["nothing", "team", "False"]


@pytest.mark.parametrize("address", ["/", "/login", "/api/v1/me", "/static/ui/kit.css", "/none"])
def test_no_other_origin_may_read_an_answer(morning: Morning, address: str) -> None:
    for answer in (
        morning.client.get(address, headers=EVIL),
        morning.client.options(address, headers=EVIL),
    ):
        assert [name for name in answer.headers if name.lower().startswith("access-")] == []


@pytest.mark.parametrize(
    "address",
    ["/static/", "/static/ui/", "/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml",
     "/static//etc/passwd", "/.git/config", "/recoup/config/settings.py", "/var/keys/kek",
     "/.well-known/", "/admin/"],
)  # fmt: skip
def test_no_folder_is_listed_and_nothing_beside_the_kit_is_served(
    morning: Morning, address: str
) -> None:
    answer = morning.client.get(address)

    assert answer.status_code == 404
    assert not re.search(r"\[project\]|root:x:|INSTALLED_APPS", answer.text)


def test_passwords_are_masked_and_managers_may_fill_and_paste_them(at_ten: None) -> None:
    fields = re.findall(r"<input[^>]*>", Client().get("/login").text)
    client = Client()
    client.force_login(factories.make_collector())
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1}]
    session.save()
    fields += re.findall(r"<input[^>]*>", client.get("/account/password").text)
    said = [one for one in fields if re.search(r'id="id_\w*password', one)]

    kinds = [re.search(r'autocomplete="([^"]+)"', one)[1] for one in said]  # type: ignore[index]
    assert kinds == ["current-password", "current-password", "new-password", "new-password"]
    assert all('type="password"' in one for one in said)
    assert all(int(re.search(r'maxlength="(\d+)"', one)[1]) >= 128 for one in said)  # type: ignore[index]
    assert not [one for one in fields if re.search(r"\son(paste|copy|drop)=", one)]
    assert any('autocomplete="username' in one for one in fields)


@pytest.mark.parametrize("role", ["COLLECTOR", "FINANCE", "OPERATOR", "COMPLIANCE", "LENDER"])
def test_from_every_page_one_can_sign_out(role: str, at_ten: None) -> None:
    factories.make_finished_night()
    client, pages = login_of(role), 0
    declared = matrix()["addresses"]
    for name, address in routes().items():
        if "GET" not in declared.get(name, {}):
            continue
        answer = client.get(address)
        if answer.status_code != 200 or "<html" not in (
            answer.text if not answer.streaming else ""
        ):
            continue
        pages += 1
        assert 'action="/logout"' in answer.text, name

    assert pages >= 5


@pytest.mark.parametrize(
    "name", ['a"b.pdf', "a\r\nX-Evil: 1.pdf", "王小强.pdf", "../../etc/passwd", "a;filename=b.exe"]
)
def test_a_name_of_a_download_stays_one_value_of_one_header(name: str) -> None:
    answer = HttpResponse()
    downloads._guard(answer, name)

    said = answer["Content-Disposition"]
    assert said.startswith("attachment; filename")
    assert "\r" not in said
    assert "\n" not in said
    assert said.isascii()
    assert "X-Evil" not in answer.headers
    rest = re.sub(r'"(?:[^"\\]|\\.)*"', "", said)
    assert rest.count(";") == 1


def test_a_refusal_is_in_the_log_with_whose_it_was_and_not_with_what(
    morning: Morning, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        morning.client.get("/staff?name=王小强")
        line = JsonLines().format(caplog.records[-1])

    assert "Forbidden: /staff" in line
    assert f'"who": "user {morning.liu.pk}"' in line
    assert "王小强" not in line


def test_the_next_request_is_not_said_to_be_of_whoever_came_before(
    morning: Morning, caplog: pytest.LogCaptureFixture
) -> None:
    morning.client.get("/")
    with caplog.at_level(logging.WARNING):
        Client().get("/nothing-here-for-strangers.php")
        line = JsonLines().format(caplog.records[-1])

    assert "nothing-here-for-strangers" in line
    assert '"who"' not in line


LIMITS = re.compile(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
HARDENING = Path("docs/security/hardening.md").read_text()
SIGN_IN = Path("docs/security/sign-in.md").read_text()


def test_limits_are_written_as_they_are() -> None:
    said = {
        what.strip(): re.findall(r"\d+", limit)
        for what, limit in re.findall(
            r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", HARDENING, re.MULTILINE
        )
    }
    per = hardening.BY_PERSON
    both = [str(per[name].per_minute) for name in ("show_number", "show_personal_data")]

    assert said["search"] == [str(per["search"].per_minute)]
    assert said["show one number, show all data of a person"] == both
    assert said["ask for exports, fetch them"] == [str(per["exports"].per_minute)]
    assert per["exports"].per_minute == per["fetch_export"].per_minute
    assert said["read the record"] == [str(per["audit"].per_minute)]
    assert said["API"] == [str(PER_KEY.per_minute), str(PER_KEY.at_once)]
    assert said["wrong keys"] == [str(WRONG_KEYS.per_minute)]
    by = hardening.BY_ADDRESS
    assert said["second factors"] == [str(by["mfa_authenticate"].per_minute)]
    assert [f"{by['login'].per_minute}"] == re.findall(
        r"try to sign in \| (\d+) a minute", HARDENING
    )
    assert f"{hardening.BODY_BYTES // hardening.MEGABYTE} MB" in HARDENING


def test_times_and_attempts_of_signing_in_are_written_as_they_are() -> None:
    least = settings.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"]

    assert f"At least {least} characters" in SIGN_IN
    assert (settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE) == (30 * 60, 12 * 3600)
    assert "limits than 30 minutes and 12 hours" in SIGN_IN
    assert (settings.AXES_FAILURE_LIMIT, settings.FAILURES_EVERYWHERE) == (5, 50)
    assert settings.AXES_COOLOFF_TIME.total_seconds() == 15 * 60
    assert "Five wrong passwords" in SIGN_IN
    assert "fifty from anywhere" in SIGN_IN
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 600
    assert "older than ten minutes" in SIGN_IN
