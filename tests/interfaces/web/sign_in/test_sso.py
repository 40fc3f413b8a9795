"""Single sign-on: with a real provider (Canaille) over HTTP, and with one that lies."""

import base64
import hashlib
from datetime import timedelta
from time import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from recoup.foundation.audit.models import Event
from recoup.foundation.sign_in import resets
from recoup.foundation.sign_in.models import Session
from recoup.modules.workforce.models import User
from tests import factories
from tests.interfaces.web.sign_in import provider as providers
from tests.interfaces.web.sign_in.provider import CLIENT

pytestmark = pytest.mark.django_db


def use(settings, issuer, client_id, secret):
    """The settings an operator gives by RECOUP_OIDC_*."""
    settings.OIDC_ISSUER = issuer
    settings.OIDC_INSECURE = True
    settings.OIDC_USERNAME_CLAIM = "preferred_username"
    settings.OIDC_SECOND_FACTOR = ["mfa"]
    app = {
        "provider_id": "sso",
        "name": "SSO",
        "client_id": client_id,
        "secret": secret,
        "settings": {
            "server_url": issuer,
            "oauth_pkce_enabled": True,
            "token_auth_method": "client_secret_basic",
        },
    }
    kept = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": kept | {"APPS": [app]}}


def asked(answer):
    """What the browser is sent to ask the provider."""
    query = parse_qs(urlsplit(answer["Location"]).query)
    return {name: values[0] for name, values in query.items()}


@pytest.fixture
def chen_wei():
    return factories.make_collector("chen_wei", "陈伟", role="OPERATOR")


# With a real provider


@pytest.fixture
def canaille(iam_server, settings):
    """A real provider with a client for us; Chen Wei is signed in there."""
    with iam_server.app.app_context():
        client = iam_server.models.Client(
            client_id="recoup",
            client_secret="a secret between the two",
            client_name="Recoup",
            contacts=["operator@recoup.example"],
            redirect_uris=["http://testserver/login/sso/callback"],
            grant_types=["authorization_code"],
            response_types=["code"],
            token_endpoint_auth_method="client_secret_basic",
            scope=["openid", "profile", "email"],
        )
        iam_server.backend.save(client)
        iam_server.backend.update(client, audience=[client])
        iam_server.backend.save(client)
        user = iam_server.models.User(
            user_name="chen_wei",
            formatted_name="Chen Wei",
            family_name="Chen",
            emails=["chen.wei@anda.example"],
        )
        iam_server.backend.save(user)
    iam_server.login(user)
    iam_server.consent(user, client)
    use(settings, iam_server.url.rstrip("/"), "recoup", "a secret between the two")
    settings.OIDC_USERNAME_CLAIM = "sub"  # Canaille's id tokens name people by it
    yield iam_server
    iam_server.logout()
    with iam_server.app.app_context():
        for consent in iam_server.backend.query(iam_server.models.Consent):
            iam_server.backend.delete(consent)
        iam_server.backend.delete(client)
        iam_server.backend.delete(user)


def sent_back(answer):
    """Follow the browser to the provider and to the address it is sent back to."""
    back = requests.get(answer["Location"], allow_redirects=False, timeout=20)
    assert back.status_code == 302, back.text[:500]
    address = urlsplit(back.headers["Location"])
    return f"{address.path}?{address.query}"


def test_who_is_signed_in_at_the_company_is_signed_in_here(canaille, chen_wei):
    browser = Client()
    answer = browser.post("/login/sso", {"next": "/account"})
    question = asked(answer)
    assert question["response_type"] == "code"
    assert question["code_challenge_method"] == "S256"
    assert len(question["nonce"]) > 20
    assert question["redirect_uri"] == "http://testserver/login/sso/callback"
    back = browser.get(sent_back(answer))
    assert (back.status_code, back["Location"]) == (302, "/account")
    assert browser.get("/account").status_code == 200
    assert SocialAccount.objects.get().user == chen_wei
    told = Event.objects.get(act="SIGNED_IN")
    assert (told.actor_id, told.facts["how"]) == (chen_wei.pk, ["socialaccount"])


def test_the_second_time_the_subject_is_known_whatever_somebody_is_called(canaille, chen_wei):
    browser = Client()
    browser.get(sent_back(browser.post("/login/sso")))
    User.objects.filter(pk=chen_wei.pk).update(username="chen_wei_renamed")
    factories.make_collector("chen_wei", "另一人")
    again = Client()
    again.get(sent_back(again.post("/login/sso")))
    assert Session.objects.filter(user=chen_wei).count() == 2


def test_an_answer_is_taken_once(canaille, chen_wei):
    browser = Client()
    back = sent_back(browser.post("/login/sso"))
    assert browser.get(back).status_code == 302
    browser.post("/logout")
    assert browser.get(back).status_code == 401
    assert browser.get("/account").status_code == 302


def test_an_answer_to_a_question_another_browser_asked_is_refused(canaille, chen_wei):
    back = sent_back(Client().post("/login/sso"))
    victim = Client()
    assert victim.get(back).status_code == 401
    assert victim.get("/account").status_code == 302


def test_nobody_is_entered_by_signing_in_at_the_company(canaille):
    people = User.objects.count()
    browser = Client()
    answer = browser.get(sent_back(browser.post("/login/sso")))
    assert "未登录" in answer.text
    assert User.objects.count() == people
    assert browser.get("/account").status_code == 302


# With one that lies


@pytest.fixture
def provider(settings):
    """One of our own making; honest until told to lie."""
    with providers.running() as running:
        use(settings, running.address, CLIENT, "a secret")
        yield running


def come_back(provider, browser=None):
    """Ask, let the provider answer, come back with its code."""
    browser = browser or Client()
    question = asked(browser.post("/login/sso"))
    provider.nonce = provider.nonce or question["nonce"]
    return browser, browser.get(f"/login/sso/callback?code=c&state={question['state']}"), question


def test_the_made_up_provider_is_believed_while_it_is_honest(provider, chen_wei):
    browser, answer, question = come_back(provider)
    assert answer.status_code == 302
    assert browser.get("/account").status_code == 200
    proof = hashlib.sha256(provider.sent["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
    assert challenge == question["code_challenge"]
    assert "/userinfo" not in provider.asked


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"nonce": "of another question"},
        {"nonce": None},
        {"nonce": ""},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"iss": None},
        {"aud": None},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_signs_nobody_in(provider, chen_wei, lie):
    provider.claims = lie
    browser, answer, _ = come_back(provider)
    assert answer.status_code == 401
    assert "未登录" in answer.text
    assert browser.get("/account").status_code == 302
    assert not SocialAccount.objects.exists()
    assert Event.objects.filter(act="SIGN_IN_FAILED").count() == 1


@pytest.mark.parametrize("sign", ["by_another_key", "by_nobody", "by_the_public_key"])
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(provider, chen_wei, sign):
    provider.sign = getattr(provider, sign)
    browser, answer, _ = come_back(provider)
    assert answer.status_code == 401
    assert browser.get("/account").status_code == 302
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "..", "é.é.é"])
def test_what_is_no_token_signs_nobody_in(provider, chen_wei, text):
    provider.sign = lambda claims: text
    browser, answer, _ = come_back(provider)
    assert answer.status_code == 401
    assert browser.get("/account").status_code == 302


def test_a_provider_that_speaks_for_another_issuer_is_not_asked_further(provider, chen_wei):
    provider.config = {"issuer": "https://elsewhere.example"}
    answer = Client().post("/login/sso")
    assert answer.status_code == 401
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_without_tls_the_provider_is_not_asked_at_all(provider, chen_wei, settings):
    settings.OIDC_INSECURE = False
    assert Client().post("/login/sso").status_code == 401
    assert provider.asked == []


def test_the_companys_second_factor_counts_only_where_the_operator_said_so(
    provider, chen_wei, settings
):
    provider.claims = {"amr": ["pwd", "mfa"]}
    browser, _, _ = come_back(provider)
    assert browser.get("/sign-ins").status_code == 200
    settings.OIDC_SECOND_FACTOR = []
    provider.nonce = ""
    browser, _, _ = come_back(provider)
    assert browser.get("/sign-ins")["Location"].startswith("/account/factor")


def test_a_session_that_the_company_opened_ends_by_our_limits_and_is_ended_here(
    provider, chen_wei, time_machine
):
    time_machine.move_to(factories.AT_TEN, tick=False)
    provider.claims = {"iat": int(time()), "exp": int(time()) + 60}
    browser, _, _ = come_back(provider)
    other = Client()
    provider.nonce = ""
    come_back(provider, other)
    asked_so_far = len(provider.asked)
    for _ in range(28):
        time_machine.shift(timedelta(minutes=25))
        assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 302  # half an hour without a request
    time_machine.shift(timedelta(minutes=21))
    assert browser.get("/account").status_code == 302  # twelve hours
    assert len(provider.asked) == asked_so_far  # meanwhile the provider is not asked
    assert "Location" in browser.post("/login/sso")


def test_without_a_claim_only_who_was_linked_gets_in(provider, chen_wei, settings):
    settings.OIDC_USERNAME_CLAIM = ""
    _, answer, _ = come_back(provider)
    assert "未登录" in answer.text
    resets.link(user_id=chen_wei.pk, subject="4711")
    provider.nonce = ""
    browser, _, _ = come_back(provider)
    assert browser.get("/account").status_code == 200


def test_one_subject_belongs_to_one_person(chen_wei):
    he_jie = factories.make_collector("he_jie", "何洁")
    resets.link(user_id=chen_wei.pk, subject="4711")
    for user, subject in ((he_jie, "4711"), (chen_wei, "4712")):
        with pytest.raises(resets.LinkTaken):
            resets.link(user_id=user.pk, subject=subject)
    assert SocialAccount.objects.count() == 1


def test_a_second_subject_does_not_take_over_a_linked_name(provider, chen_wei):
    resets.link(user_id=chen_wei.pk, subject="the real one")
    browser, _, _ = come_back(provider)
    assert browser.get("/account").status_code == 302
    assert SocialAccount.objects.get().uid == "the real one"


def test_who_was_let_go_here_does_not_get_in_from_there(provider, chen_wei):
    come_back(provider)
    User.objects.filter(pk=chen_wei.pk).update(is_active=False)
    provider.nonce = ""
    browser, _, _ = come_back(provider)
    assert browser.get("/account").status_code == 302


def test_what_is_kept_of_the_claims_names_nobody(provider, chen_wei):
    come_back(provider)
    kept = str(SocialAccount.objects.get().extra_data)
    assert "chen.wei@anda.example" not in kept


def test_the_sign_in_page_may_send_its_form_to_the_provider_and_nowhere_else(provider):
    answer = Client().get("/login")
    assert f"form-action 'self' {provider.address};" in answer["Content-Security-Policy"]
    assert "使用" in answer.text


def test_without_a_provider_there_is_no_such_address():
    assert Client().post("/login/sso").status_code == 404
    assert Client().get("/login/sso/callback?code=c&state=s").status_code == 404
    assert Client().get("/login")["Content-Security-Policy"].count("form-action 'self';") == 1


def test_signing_in_there_is_asked_for_by_a_form_not_by_a_link(provider):
    assert Client().get("/login/sso").status_code == 405
