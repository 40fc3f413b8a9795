"""Whoever is not signed in, and the language one reads in. Signing in: the folder sign_in."""

import pytest
from django.db import connection
from django.test import Client

from recoup.modules.workforce.models import User
from tests import factories
from tests.interfaces.web.mornings import signed_in

pytestmark = pytest.mark.django_db
PAGES = ("/", "/cases", "/promises", "/search?q=王", "/team", "/gallery")


@pytest.fixture
def liu_min():
    return factories.make_collector()


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in_first(page):
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login?next=/")


@pytest.mark.parametrize("address", ["/login", "/"])
def test_a_stranger_on_the_connection_that_served_somebody_is_nobody(liu_min, address):
    """Where no pool makes it forget, the next request does; with a session of nobody's too."""
    signed_in(liu_min).get("/promises")
    assert whom_it_serves() == str(liu_min.pk)
    stranger = Client(headers={"cookie": "sessionid=" + "unknown" * 5})
    for client in (Client(), stranger):
        signed_in(liu_min).get("/promises")
        client.get(address)
        assert whom_it_serves() == ""


def whom_it_serves() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('recoup.user_id', true)")
        return cursor.fetchone()[0]


def test_a_fragment_for_a_stranger_sends_the_whole_page_to_the_sign_in():
    answer = Client().get(
        "/?only=due",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/?only=all"},
    )
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/login?next=%2F%3Fonly%3Dall"
    assert "Location" not in answer


def test_signing_out_is_a_post_and_ends_the_session(liu_min):
    client = signed_in(liu_min)
    assert client.get("/logout").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/logout").status_code == 302
    assert client.get("/").status_code == 302


def test_the_language_is_kept_on_the_user_and_in_a_cookie(liu_min):
    client = signed_in(liu_min)
    assert '<html lang="zh-Hans">' in client.get("/").text
    answer = client.post("/language", {"language": "en", "next": "/cases"})
    assert answer["Location"] == "/cases"
    assert answer.cookies["language"].value == "en"
    assert User.objects.get(pk=liu_min.pk).language == "en"
    assert '<html lang="en">' in client.get("/").text


def test_a_visitor_switches_the_sign_in_page(liu_min):
    client = Client()
    assert ">登录<" in client.get("/login").text
    client.post("/language", {"language": "en", "next": "/login"})
    assert ">Sign in<" in client.get("/login").text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_switching_the_language_does_not_lead_to_another_site(liu_min, address):
    answer = signed_in(liu_min).post("/language", {"language": "en", "next": address})
    assert answer["Location"] == "/"


def test_a_language_we_do_not_speak_changes_nothing(liu_min):
    answer = signed_in(liu_min).post("/language", {"language": "tlh", "next": "/"})
    assert "language" not in answer.cookies
    assert User.objects.get(pk=liu_min.pk).language == "zh-hans"


def test_forms_without_the_token_are_refused_in_words(liu_min):
    client = Client(enforce_csrf_checks=True)
    client.force_login(liu_min)
    answer = client.post("/next")
    assert answer.status_code == 403
    assert "没有保存" in answer.text


def test_an_address_without_a_page_says_what_to_do(liu_min):
    answer = signed_in(liu_min, "en").get("/no/such/page")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text


def test_every_page_carries_the_content_policy(liu_min):
    policy = signed_in(liu_min).get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_crash_shows_a_page_that_needs_nothing_that_may_be_broken(liu_min, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(factories.make_collector("zhou_lan", "周岚", role="LEADER"))
    monkeypatch.setattr("recoup.interfaces.web.views.team.teams", None)
    factories.make_finished_night()
    answer = client.get("/team")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.text
    assert 'lang="en"' in answer.text
