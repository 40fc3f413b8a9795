"""Every address, asked by every role with every method, opens to whom matrix.toml declares.

An address that is not declared fails, and so does a line for an address that is gone. Roles are
asked with a second factor in the session; without one, rights that need it are refused.
"""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from recoup.foundation.access.rights import NEED_SECOND_FACTOR
from recoup.interfaces.web.entering import SECOND_FACTOR
from tests import factories
from tests.declared import matrix, rights_of
from tests.factories import BUSINESS_DAY

pytestmark = pytest.mark.django_db
ADDRESSES = matrix()["addresses"]
ROLES = sorted(matrix()["roles"])
ANYONE, SIGNED_IN = "anyone", "signed in"
SAMPLES = {"int": "1", "str": "x", "uuid": "7b1f6f0e-6f0d-4f2a-9f59-0b8a4f7c1a01", "path": "x"}


@cache
def routes() -> dict[str, str]:
    """Each address of the installation by its name, with a number where it asks for one."""
    return dict(_routes(get_resolver(), "", ""))


def _routes(resolver: URLResolver, before: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if getattr(entry, "namespace", None) == "api":
            continue  # by key, not by session: tests/interfaces/api/test_operations.py
        path = before + _filled(entry)
        if isinstance(entry, URLPattern):
            yield space + (entry.name or path), "/" + path
        else:
            yield from _routes(
                entry, path, f"{space}{entry.namespace}:" if entry.namespace else space
            )


def _filled(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        text = text.replace(f"<{kind}:{name}>", SAMPLES.get(kind, "x"))
    return text


def login_of(role: str) -> Client:
    """Somebody of this role, signed in with a second factor."""
    more = {
        "AGENCY": lambda: {"agency_id": factories.make_agency()},
        "LENDER": lambda: {"lender_id": factories.make_lender()},
        "SERVICE": lambda: {"lender_id": factories.make_lender()},
        "INSPECTOR": lambda: {"expires_on": BUSINESS_DAY.replace(year=2099)},
    }.get(role, dict)()
    client = Client(raise_request_exception=False)
    client.force_login(factories.make_collector(f"one_{role.lower()}", role, role=role, **more))
    strengthen(client)
    return client


def strengthen(client: Client) -> None:
    """The session was opened with a second factor."""
    session = client.session
    session[SECOND_FACTOR] = 1
    session.save()


def ask(client: Client, name: str, method: str) -> int:
    address = routes()[name]
    return (client.get if method == "GET" else client.post)(address).status_code


def test_every_address_is_declared_and_every_declared_one_is_there():
    assert set(routes()) == set(ADDRESSES)


def test_only_known_rights_are_declared():
    known = set().union(*(rights_of(role) for role in ROLES)) | {ANYONE, SIGNED_IN}
    assert {asked for methods in ADDRESSES.values() for asked in methods.values()} <= known


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_is_declared_and_nothing_else(role):
    client = login_of(role)
    wrong = []
    for name, methods in ADDRESSES.items():
        for method, asked in methods.items():
            status = ask(client, name, method)
            is_open = asked in {ANYONE, SIGNED_IN} or asked in rights_of(role)
            says_no = name in SAYS_NO or (name == "worklist" and not rights_of(role))
            says_no = says_no or (role == "SERVICE" and name in ASKS_FOR_A_PASSWORD)
            if ((status == 403) is is_open and not says_no) or status >= 500:
                wrong.append((name, method, asked, status))
            if method == "POST" and asked in {ANYONE, SIGNED_IN}:
                client = login_again(client, role)
    assert wrong == []


# Open, and what it says is a no.
SAYS_NO = {"socialaccount_login_cancelled"}
# A service has none, nor a factor, so that there is nothing to confirm with.
ASKS_FOR_A_PASSWORD = {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


def login_again(client: Client, role: str) -> Client:
    """Signing out and the like end the session: the walk goes on in a new one."""
    client.force_login(factories.User.objects.get(username=f"one_{role.lower()}"))
    strengthen(client)
    return client


def test_a_stranger_opens_only_what_is_before_the_sign_in():
    client, wrong = Client(raise_request_exception=False), []
    for name, methods in ADDRESSES.items():
        for method, asked in methods.items():
            answer = (client.get if method == "GET" else client.post)(routes()[name])
            is_sent_away = answer.status_code == 302 and answer["Location"].startswith("/login")
            if is_sent_away is (asked == ANYONE) and name not in SENDS_TO_SIGN_IN:
                wrong.append((name, method, asked, answer.status_code))
    assert wrong == []


# Open before sign-in, and answering by sending there.
SENDS_TO_SIGN_IN = {"logout", "mfa_authenticate", "mfa_login_webauthn"}


def test_a_method_that_is_not_declared_is_not_allowed():
    client, wrong = login_of("COLLECTOR"), []
    for name, methods in ADDRESSES.items():
        for method in sorted({"GET", "POST"} - set(methods)):
            status = ask(client, name, method)
            if status != 405:
                wrong.append((name, method, status))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_without_a_second_factor_what_needs_it_stays_closed(role):
    client = login_of(role)
    session = client.session
    del session[SECOND_FACTOR]
    session.save()
    strong = {right.value for right in NEED_SECOND_FACTOR}
    for name, methods in ADDRESSES.items():
        for method, asked in methods.items():
            if asked in strong:
                answer = (client.get if method == "GET" else client.post)(routes()[name])
                led_there = answer.status_code == 302 and "/factor" in answer["Location"]
                assert answer.status_code == 403 or led_there, (name, method)


def test_no_role_at_all_sees_nothing_and_reads_why():
    user = factories.User.objects.create(username="sun_yi", display_name="孙怡")
    client = Client()
    client.force_login(user)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "您还没有可用的页面" in answer.text
    assert client.get("/search?q=王").status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_the_rail_leads_only_where_one_may_go(role):
    client = login_of(role)
    answer = client.get("/", follow=True)
    if not rights_of(role):
        assert answer.status_code == 403
        return
    rail = re.search(r'<nav class="rail".*?</nav>', answer.text, re.DOTALL)[0]
    places = set(re.findall(r'<a href="([^"]+)"', rail))
    assert places
    for place in places:
        assert client.get(place).status_code == 200, place


def test_a_page_that_is_closed_says_which_right_is_missing_and_whom_to_ask():
    client = login_of("COLLECTOR")
    answer = client.get("/team")
    assert answer.status_code == 403
    assert "您没有此项权限：查看组内数据和名单。" in answer.text
    assert "有此权限的岗位：" in answer.text
    assert "组长" in answer.text


def test_a_fragment_that_is_closed_is_said_beside_the_page():
    answer = login_of("FINANCE").post("/next", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#toasts"
    assert "<html" not in answer.text
    assert "您没有此项权限：拨打、记录承诺、停催。" in answer.text
