"""Name and password: in, refused, paused; the answer tells nobody which names exist."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client

from recoup.foundation.audit.models import Event
from recoup.foundation.sign_in.models import Session
from tests import factories

pytestmark = pytest.mark.django_db
WRONG = "not-her-password"


@pytest.fixture
def liu_min(time_machine):
    time_machine.move_to(factories.AT_TEN, tick=False)
    return factories.make_collector()


def sign_in(name="liu_min", password=factories.PASSWORD, client=None, **more):
    """The form as the browser sends it."""
    return (client or Client(**more)).post("/login", {"login": name, "password": password})


def shown(answer):
    """The page without what differs each time: tokens, and the name that was typed."""
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", answer.text)
    return re.sub(r'name="login"[^>]*', "", text)


def test_liu_min_signs_in_and_comes_to_her_list(liu_min):
    answer = sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert answer.cookies["language"].value == "zh-hans"
    row = Session.objects.get(user=liu_min)
    assert row.opened_at == row.seen_at == factories.AT_TEN
    assert not row.has_second_factor


def test_the_session_is_found_by_its_cookie_alone_the_table_keeps_a_digest(liu_min):
    cookie = sign_in().cookies["sessionid"].value
    assert not Session.objects.filter(session_key__contains=cookie).exists()
    stolen = Session.objects.get(user=liu_min).session_key
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get("/").status_code == 302


def test_signing_in_changes_the_key_of_the_session(liu_min):
    client = Client()
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in(client=client)
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize("name", ["liu_min", "nobody_of_this_name", "he_jie"])
def test_who_is_wrong_unknown_or_gone_reads_the_same(liu_min, name):
    factories.make_collector("he_jie", is_active=False)
    answers = [sign_in(name, WRONG), sign_in("some_other_name", WRONG)]
    assert [a.status_code for a in answers] == [200, 200]
    assert "用户名或密码不正确" in answers[0].text
    assert shown(answers[0]) == shown(answers[1])
    assert not Session.objects.filter(user__isnull=False).exists()


def test_somebody_who_was_let_go_does_not_get_in_with_the_right_password(liu_min):
    factories.make_collector("he_jie", is_active=False)
    assert sign_in("he_jie").status_code == 200
    assert not Session.objects.filter(user__isnull=False).exists()


@pytest.mark.parametrize("name", ["liu_min", "nobody_of_this_name"])
def test_after_five_wrong_passwords_a_name_is_paused_whether_it_exists_or_not(liu_min, name):
    assert [sign_in(name.upper(), WRONG).status_code for _ in range(4)] == [200] * 4
    answer = sign_in(name, WRONG)
    assert answer.status_code == 429
    assert "请等待 15 分钟" in answer.text
    assert sign_in(name).status_code == 429
    assert not Session.objects.filter(user__isnull=False).exists()


def test_the_pause_ends_by_itself_and_trying_meanwhile_does_not_prolong_it(liu_min, time_machine):
    for _ in range(5):
        sign_in(password=WRONG)
    time_machine.shift(timedelta(minutes=14))
    assert sign_in(password=WRONG).status_code == 429
    time_machine.shift(timedelta(minutes=1, seconds=1))
    assert sign_in().status_code == 302


def test_a_stranger_elsewhere_does_not_pause_her_at_her_own_desk(liu_min):
    for _ in range(6):
        sign_in(password=WRONG, REMOTE_ADDR="203.0.113.9")
    assert sign_in(REMOTE_ADDR="203.0.113.9").status_code == 429
    assert sign_in(REMOTE_ADDR="198.51.100.7").status_code == 302


def test_many_strangers_together_pause_the_name_everywhere(liu_min):
    for host in range(50):
        sign_in(password=WRONG, REMOTE_ADDR=f"203.0.113.{host}")
    assert sign_in(REMOTE_ADDR="198.51.100.7").status_code == 429


def test_a_right_password_forgets_the_wrong_ones_before_it(liu_min):
    for _ in range(3):
        for _ in range(4):
            sign_in(password=WRONG)
        assert sign_in().status_code == 302


def test_a_password_typed_as_the_name_is_kept_nowhere(liu_min, caplog):
    caplog.set_level("DEBUG")
    sign_in("my-secret-typed-too-early", WRONG)
    row = AccessAttempt.objects.get()
    kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
    for secret in ("my-secret-typed-too-early", WRONG):
        assert secret not in kept
        assert secret not in caplog.text
        assert secret not in str(list(Event.objects.values()))


def test_signing_in_and_out_and_being_refused_is_on_record(liu_min):
    sign_in(password=WRONG, REMOTE_ADDR="203.0.113.9")
    client = Client()
    sign_in(client=client)
    client.post("/logout")
    door = {"SIGN_IN_FAILED", "SIGNED_IN", "SIGNED_OUT"}
    told = Event.objects.filter(act__in=door).values_list("act", "subject_id", "actor_id")
    assert set(told) == {
        ("SIGN_IN_FAILED", None, None),
        ("SIGNED_IN", liu_min.pk, liu_min.pk),
        ("SIGNED_OUT", liu_min.pk, liu_min.pk),
    }
    assert told.count() == 3


def test_signing_in_does_not_lead_to_another_site(liu_min):
    answer = Client().post(
        "/login?next=https://evil.example/",
        {"login": "liu_min", "password": factories.PASSWORD, "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/"


def test_a_password_is_taken_as_it_is_blanks_and_all(liu_min):
    liu_min.set_password("  two blanks before  ")
    liu_min.save()
    assert sign_in(password="two blanks before").status_code == 200
    assert sign_in(password="  two blanks before  ").status_code == 302


def test_the_address_behind_our_proxy_is_the_one_our_proxy_wrote(liu_min, settings):
    settings.PROXIES = 1
    sign_in(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 198.51.100.7"})
    assert Session.objects.get(user=liu_min).address == "198.51.100.7"


def test_without_a_proxy_nobody_chooses_their_address(liu_min):
    sign_in(REMOTE_ADDR="198.51.100.7", headers={"X-Forwarded-For": "1.2.3.4"})
    assert Session.objects.get(user=liu_min).address == "198.51.100.7"
