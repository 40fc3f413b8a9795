"""Sessions: how long they last, who sees and ends them, and that an ended one opens nothing."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recoup.foundation.audit.models import Event
from recoup.foundation.sign_in import services
from recoup.foundation.sign_in.enrolment import note_first_password
from recoup.foundation.sign_in.models import FirstPassword, Session
from recoup.interfaces.web.sign_in.store import SessionStore
from recoup.modules.workforce.models import Grant, User
from tests import factories
from tests.interfaces.web.sign_in.people import Somebody

pytestmark = pytest.mark.django_db


def test_half_an_hour_without_a_request_ends_it(liu_min, at_ten):
    liu_min.signs_in()
    at_ten.shift(timedelta(minutes=29))
    assert liu_min.is_in
    at_ten.shift(timedelta(minutes=29))
    assert liu_min.is_in
    at_ten.shift(timedelta(minutes=31))
    assert not liu_min.is_in


def test_twelve_hours_end_it_whatever_happens(liu_min, at_ten):
    liu_min.signs_in()
    for _ in range(35):
        at_ten.shift(timedelta(minutes=20))
        assert liu_min.is_in
    at_ten.shift(timedelta(minutes=21))
    assert not liu_min.is_in


def test_a_page_opened_long_before_signing_in_does_not_shorten_the_day(liu_min, at_ten):
    liu_min.client.get("/login/passkey", headers={"Accept": "application/json"})
    for _ in range(20):
        at_ten.shift(timedelta(minutes=25))
        liu_min.client.get("/login/passkey", headers={"Accept": "application/json"})
    liu_min.signs_in()
    assert Session.objects.get(user__isnull=False).opened_at == factories.AT_TEN + timedelta(
        minutes=500
    )


def test_being_there_is_written_once_a_minute_not_with_every_page(liu_min, at_ten):
    liu_min.signs_in()
    updates = []
    for seconds in (0, 30, 31, 5, 61):
        at_ten.shift(timedelta(seconds=seconds))
        with CaptureQueriesContext(connection) as asked:
            liu_min.client.get("/account")
        updates.append(sum('UPDATE "sign_in_session"' in q["sql"] for q in asked))
    assert updates == [0, 0, 1, 0, 1]


def test_she_sees_where_she_is_signed_in_and_ends_the_other_at_once(liu_min):
    elsewhere = Somebody("liu_min", REMOTE_ADDR="203.0.113.9", headers={"User-Agent": "Other/1"})
    liu_min.signs_in()
    elsewhere.signs_in()
    page = liu_min.client.get("/account")
    assert "203.0.113.9" in page.text
    assert "Other/1" not in page.text
    assert "未知浏览器" in page.text
    (row,) = [row for row in page.context["sessions"] if not row.is_this]
    liu_min.client.post("/account/sessions/end", {"session": row.reference})
    assert not elsewhere.is_in
    assert liu_min.is_in


def test_nobody_ends_the_session_of_somebody_else_by_its_reference(liu_min):
    factories.make_collector("he_jie", "何洁")
    he_jie = Somebody("he_jie")
    he_jie.signs_in()
    liu_min.signs_in()
    theirs = Session.objects.get(user__username="he_jie").session_key[:16]
    for reference in (theirs, "", theirs[:1], "%"):
        liu_min.client.post("/account/sessions/end", {"session": reference})
    assert he_jie.is_in
    assert liu_min.is_in


def test_all_others_end_and_this_one_stays(liu_min):
    others = [Somebody("liu_min") for _ in range(3)]
    for one in [*others, liu_min]:
        one.signs_in()
    liu_min.client.post("/account/sessions/end-others")
    assert [one.is_in for one in others] == [False] * 3
    assert liu_min.is_in


def test_a_new_password_ends_the_other_sessions_and_the_old_password(liu_min):
    elsewhere = Somebody("liu_min")
    elsewhere.signs_in()
    liu_min.signs_in()
    typed = {"oldpassword": factories.PASSWORD}
    new = "a-wholly-other-sentence"
    answer = liu_min.client.post("/account/password", typed | {"password1": new, "password2": new})
    assert answer["Location"] == "/account"
    assert liu_min.is_in
    assert not elsewhere.is_in
    assert Somebody("liu_min").signs_in().status_code == 200
    assert Somebody("liu_min").signs_in(new).status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"oldpassword": "not-hers"}, "当前密码不正确"),
        ({"password1": "short", "password2": "short"}, "12"),
        ({"password2": "another-one-here"}, ""),
    ],
)
def test_a_new_password_is_not_taken_without_the_old_or_against_the_rules(liu_min, typed, said):
    liu_min.signs_in()
    new = "a-wholly-other-sentence"
    right = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    answer = liu_min.client.post("/account/password", right | typed)
    assert answer.status_code == 200
    assert said in answer.text
    assert Somebody("liu_min").signs_in().status_code == 302


def test_who_is_let_go_is_out_with_the_next_request(liu_min):
    liu_min.signs_in()
    User.objects.filter(username="liu_min").update(is_active=False)
    assert not liu_min.is_in


def test_the_operator_sees_everybody_and_ends_all_of_ones_sessions(liu_min, chen_wei):
    liu_min.signs_in()
    elsewhere = Somebody("liu_min")
    elsewhere.signs_in()
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    assert "liu_min" in chen_wei.client.get("/sign-ins").text
    liu = User.objects.get(username="liu_min").pk
    assert chen_wei.client.post(f"/sign-ins/{liu}/end")["Location"] == "/sign-ins"
    assert not liu_min.is_in
    assert not elsewhere.is_in
    assert chen_wei.is_in


def test_who_does_not_manage_staff_neither_sees_nor_ends_them(liu_min, chen_wei):
    chen_wei.signs_in()
    liu_min.signs_in()
    chen = User.objects.get(username="chen_wei").pk
    assert liu_min.client.get("/sign-ins").status_code == 403
    assert liu_min.client.post(f"/sign-ins/{chen}/end").status_code == 403
    assert chen_wei.is_in


def test_signing_out_ends_it_in_the_database_not_in_the_browser_alone(liu_min):
    liu_min.signs_in()
    kept = liu_min.client.cookies["sessionid"].value
    liu_min.client.post("/logout")
    thief = Somebody("liu_min")
    thief.client.cookies["sessionid"] = kept
    assert not thief.is_in


def test_a_half_signed_in_browser_can_be_left(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    again = Somebody("chen_wei")
    again.signs_in()
    again.client.post("/logout")
    assert again.client.get("/login/factor")["Location"] == "/login"


def test_sessions_that_ended_are_forgotten(liu_min, at_ten):
    liu_min.signs_in()
    at_ten.shift(timedelta(minutes=31))
    Somebody("liu_min").signs_in()
    SessionStore.clear_expired()
    assert Session.objects.filter(user__isnull=False).count() == 1


def test_ending_a_session_that_is_saving_brings_it_not_back(liu_min):
    liu_min.signs_in()
    user = User.objects.get(username="liu_min")
    session = liu_min.client.session
    assert session["_auth_user_id"]
    services.end_sessions(user_id=user.pk)
    session["later"] = 1
    with pytest.raises(UpdateError):
        session.save()
    assert not liu_min.is_in


def key_of(somebody):
    return somebody.client.cookies["sessionid"].value


def test_the_key_changes_with_every_change_of_strength_and_the_one_before_opens_nothing(chen_wei):
    chen_wei.client.get("/login/passkey", headers={"Accept": "application/json"})
    steps = (
        chen_wei.signs_in,
        lambda: chen_wei.enrols(chen_wei.is_given_a_code()),
        chen_wei.confirms,
        chen_wei.scans_and_types,
        lambda: chen_wei.client.post("/account/app/remove"),
    )
    keys = []
    for step in steps:
        step()
        assert chen_wei.is_in
        keys.append(key_of(chen_wei))
    assert len(set(keys)) == len(steps)
    for key in keys[:-1]:
        thief = Somebody("chen_wei")
        thief.client.cookies["sessionid"] = key
        assert not thief.is_in
    assert Session.objects.filter(user__username="chen_wei").count() == 1


def test_a_new_key_prolongs_no_session(liu_min, at_ten):
    liu_min.signs_in()
    for _ in range(36):
        assert liu_min.is_in
        at_ten.shift(timedelta(minutes=20))
        liu_min.confirms()
    assert not liu_min.is_in


def test_a_role_that_ends_opens_nothing_with_the_next_request(liu_min, at_ten):
    liu_min.signs_in()
    assert liu_min.client.get("/cases").status_code == 200
    Grant.objects.filter(user__username="liu_min").update(ended_at=timezone.now())
    assert liu_min.client.get("/cases").status_code == 403


def test_a_role_opens_nothing_from_the_day_after_its_last(at_ten):
    factories.make_collector("he_jie", "何洁", expires_on=factories.AT_TEN.date())
    he_jie = Somebody("he_jie")
    he_jie.signs_in()
    assert he_jie.client.get("/cases").status_code == 200
    at_ten.move_to(factories.AT_TEN.replace(hour=23, minute=50), tick=False)
    he_jie.signs_in()
    assert he_jie.client.get("/cases").status_code == 200
    at_ten.shift(timedelta(minutes=11))
    assert he_jie.client.get("/cases").status_code == 403


def test_whoever_signs_out_everywhere_is_out_here_too(liu_min):
    elsewhere = Somebody("liu_min")
    elsewhere.signs_in()
    liu_min.signs_in()
    assert liu_min.client.post("/account/sessions/end-all")["Location"] == "/login"
    assert not liu_min.is_in
    assert not elsewhere.is_in
    assert not Session.objects.filter(user__isnull=False).exists()
    ended = Event.objects.filter(act__in=["SESSION_ENDED", "SIGNED_OUT"])
    assert sorted(ended.values_list("act", flat=True)) == ["SESSION_ENDED", "SIGNED_OUT"]


@pytest.fixture
def he_jie(at_ten, db):
    """Entered by the operator, with a password that the operator knows."""
    factories.make_collector("he_jie", "何洁")
    note_first_password(user_id=User.objects.only("pk").get(username="he_jie").pk)
    return Somebody("he_jie")


def changes(somebody, new, **more):
    typed = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    return somebody.client.post("/account/password", typed | more)


def test_a_first_password_leads_to_a_password_of_ones_own_and_nowhere_else(he_jie):
    he_jie.signs_in()
    for address in ("/", "/cases", "/account", "/account/app", "/search?q=x"):
        answer = he_jie.client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/account/password?next=")
    fragment = he_jie.client.post("/next", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"].startswith("/account/password")
    assert "由他人设置" in he_jie.client.get("/account/password").text
    assert he_jie.client.post("/logout").status_code == 302


def test_once_changed_one_goes_on_where_one_was_going(he_jie):
    he_jie.signs_in()
    answer = changes(he_jie, "a-wholly-other-sentence", next="/cases?of=all")
    assert answer["Location"] == "/cases?of=all"
    assert he_jie.client.get("/cases").status_code == 200
    again = Somebody("he_jie")
    again.signs_in("a-wholly-other-sentence")
    assert again.is_in


def test_the_same_password_again_or_a_foreign_address_is_no_way_out(he_jie):
    he_jie.signs_in()
    answer = changes(he_jie, factories.PASSWORD)
    assert answer.status_code == 200
    assert "不能与当前密码相同" in answer.text
    assert not he_jie.is_in
    again = Somebody("he_jie")
    again.signs_in()
    assert not again.is_in
    assert changes(again, "a-wholly-other-sentence", next="https://evil.example/")["Location"] == (
        "/account"
    )


@pytest.mark.parametrize(("days", "opens"), [(6, True), (7, False)])
def test_a_first_password_opens_for_seven_days(he_jie, at_ten, days, opens):
    FirstPassword.objects.update(set_at=timezone.now())
    at_ten.shift(timedelta(days=days))
    answer = he_jie.signs_in()
    assert (he_jie.client.get("/account/password").status_code == 200) is opens
    if not opens:
        assert answer["Location"] == "/login"
        assert "用户名或密码不正确" in he_jie.client.get("/login").text


def test_who_was_entered_with_a_password_of_their_own_is_asked_nothing(liu_min):
    liu_min.signs_in()
    assert liu_min.is_in
