"""The second factor: set up, asked for, shown once, lost, and what stays shut without it."""

from datetime import timedelta
from time import time

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from recoup.foundation.access.context import as_system
from recoup.foundation.audit.models import Event
from recoup.foundation.sign_in import enrolment
from recoup.foundation.sign_in.models import FactorSecret, Session
from recoup.modules.workforce.models import User
from tests.interfaces.web.sign_in.people import Somebody

pytestmark = pytest.mark.django_db
SHARP = "/sign-ins"  # a page of whoever manages staff


def test_a_page_that_needs_the_factor_leads_to_setting_it_up_and_opens_then(chen_wei):
    chen_wei.signs_in()
    answer = chen_wei.client.get(SHARP)
    assert (answer.status_code, answer["Location"]) == (302, "/account/factor?next=%2Fsign-ins")
    answer = chen_wei.client.get(answer["Location"])
    assert answer["Location"].startswith("/account?needed=1")
    assert "须经第二重验证" in chen_wei.client.get(answer["Location"]).text
    chen_wei.sets_up_an_app()
    assert chen_wei.client.get(SHARP).status_code == 200


def test_setting_up_asks_for_the_password_first_and_a_wrong_one_sets_up_nothing(chen_wei):
    chen_wei.signs_in()
    chen_wei.enrols(chen_wei.is_given_a_code())
    answer = chen_wei.client.get("/account/app")
    assert answer["Location"].startswith("/account/confirm?next=")
    assert chen_wei.confirms("not-his-password").status_code == 200
    assert chen_wei.client.get("/account/app").status_code == 302
    assert not Authenticator.objects.exists()


def test_a_wrong_first_code_sets_up_nothing(chen_wei):
    chen_wei.signs_in()
    chen_wei.enrols(chen_wei.is_given_a_code())
    chen_wei.confirms()
    chen_wei.client.get("/account/app")
    answer = chen_wei.client.post("/account/app", {"code": "000000"})
    assert answer.status_code == 200
    assert "验证码不正确" in answer.text
    assert not Authenticator.objects.exists()


def test_once_set_up_the_password_alone_opens_nothing(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    at_ten.shift(timedelta(minutes=3))
    again = Somebody("chen_wei")
    again.secret = chen_wei.secret
    assert again.signs_in()["Location"] == "/login/factor"
    assert not again.is_in
    assert again.shows_a_code("000000").status_code == 200
    assert not again.is_in
    assert again.shows_a_code(again.code())["Location"] == "/"
    assert again.is_in
    assert again.client.get(SHARP).status_code == 200
    assert Session.objects.filter(user__username="chen_wei", has_second_factor=True).count() == 2


def test_a_code_opens_once_also_written_otherwise_and_by_whoever_looked_over_the_shoulder(
    chen_wei, at_ten
):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    at_ten.shift(timedelta(minutes=3))
    code = chen_wei.code()
    first, second = Somebody("chen_wei"), Somebody("chen_wei")
    first.signs_in()
    assert first.shows_a_code(code).status_code == 302
    second.signs_in()
    at_ten.shift(timedelta(seconds=31))  # the code would still be taken for the half minute before
    for written in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
        assert second.shows_a_code(written).status_code == 200
    assert not second.is_in


@pytest.mark.parametrize(("seconds", "opens"), [(-31, True), (31, True), (-95, False), (95, False)])
def test_a_clock_that_is_a_little_off_does_no_harm(chen_wei, at_ten, seconds, opens):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    at_ten.shift(timedelta(minutes=10, seconds=15))
    again = Somebody("chen_wei")
    again.secret = chen_wei.secret
    again.signs_in()
    again.shows_a_code(again.code(time() + seconds))
    assert again.is_in is opens


def test_five_wrong_codes_pause_the_factor_even_for_the_right_one(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    at_ten.shift(timedelta(minutes=3))
    again = Somebody("chen_wei")
    again.secret = chen_wei.secret
    again.signs_in()
    for wrong in ("000001", "000002", "000003", "000004", "000005"):
        again.shows_a_code(wrong)
    answer = again.shows_a_code(again.code())
    assert "请等待 15 分钟" in answer.text
    assert not again.is_in
    at_ten.shift(timedelta(minutes=16))
    again.signs_in()
    again.shows_a_code(again.code())
    assert again.is_in


def test_recovery_codes_are_shown_once_and_each_opens_once(chen_wei, at_ten):
    chen_wei.signs_in()
    assert chen_wei.sets_up_an_app()["Location"] == "/account/codes"
    codes = chen_wei.recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code) == 10 for code in codes)
    assert chen_wei.recovery_codes() == []
    at_ten.shift(timedelta(minutes=3))
    for expected in (True, False):
        again = Somebody("chen_wei")
        again.signs_in()
        again.shows_a_code(codes[0])
        assert again.is_in is expected


def test_new_recovery_codes_make_the_old_ones_worthless(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    old = chen_wei.recovery_codes()
    assert chen_wei.client.post("/account/codes/new").status_code == 302
    new = chen_wei.recovery_codes()
    assert new
    assert not set(old) & set(new)
    again = Somebody("chen_wei")
    again.signs_in()
    again.shows_a_code(old[0])
    assert not again.is_in


def test_the_secret_is_kept_sealed(chen_wei):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    sealed = b"".join(bytes(row.sealed) for row in FactorSecret.objects.all())
    assert chen_wei.secret not in kept
    assert chen_wei.secret.encode() not in sealed
    assert chen_wei.secret not in str(list(Event.objects.values_list("facts", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_factor_ends_the_other_sessions(chen_wei, at_ten):
    elsewhere = Somebody("chen_wei")
    elsewhere.signs_in()
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    assert chen_wei.is_in
    assert not elsewhere.is_in


def test_removing_the_factor_needs_a_code_and_shuts_what_needed_it(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    at_ten.shift(timedelta(minutes=11))
    answer = chen_wei.client.post("/account/app/remove")
    assert answer["Location"].startswith("/account/confirm/code")
    assert Authenticator.objects.filter(type="totp").exists()
    chen_wei.client.post("/account/confirm/code", {"code": chen_wei.code(), "next": "/account"})
    assert chen_wei.client.post("/account/app/remove").status_code == 302
    assert not Authenticator.objects.exists()
    assert chen_wei.client.get(SHARP)["Location"].startswith("/account/factor")


def test_the_password_does_not_confirm_for_who_has_a_factor(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    at_ten.shift(timedelta(minutes=11))
    answer = chen_wei.confirms()
    assert answer["Location"].startswith("/account/confirm/code")
    answer = chen_wei.client.post(f"/sign-ins/{User.objects.get().pk}/end")
    assert answer["Location"].startswith("/account/confirm")


def test_who_lost_the_phone_is_let_back_in_by_the_operator_at_the_machine(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    user = User.objects.get(username="chen_wei")
    with as_system("staff"):
        made = enrolment.reset_factors(user_id=user.pk, actor_id=None, at=timezone.now())
    assert not chen_wei.is_in
    again = Somebody("chen_wei")
    again.signs_in()
    assert again.is_in
    assert again.client.get(SHARP)["Location"].startswith("/account/factor")
    assert again.enrols(made.text)["Location"] == "/account/app"
    at_ten.shift(timedelta(minutes=3))
    again.scans_and_types()
    assert again.client.get(SHARP).status_code == 200


def test_a_passkey_that_is_not_taken_is_said_where_it_can_be_tried_again(chen_wei):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    user_id = User.objects.only("pk").get(username="chen_wei").pk
    Authenticator.objects.create(user_id=user_id, type="webauthn", data={"credential": {}})
    answer = chen_wei.client.post(
        "/account/confirm/passkey", {"credential": "{}", "next": "/sign-ins"}
    )
    assert answer["Location"] == "/account/confirm/passkey?next=%2Fsign-ins"


def test_who_has_neither_password_nor_factor_here_is_told_to_sign_in_anew(chen_wei):
    chen_wei.signs_in()
    User.objects.filter(username="chen_wei").update(password="!")
    chen_wei.client.force_login(User.objects.get(username="chen_wei"))
    for way in ("", "/code", "/passkey"):
        assert chen_wei.client.get(f"/account/confirm{way}?next=/account")["Location"] == "/account"
    assert "退出后重新登录" in chen_wei.client.get("/account").text


@pytest.mark.django_db(transaction=True)
def test_every_change_of_a_factor_is_on_record(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    chen_wei.client.post("/account/app/remove")
    told = Event.objects.filter(act__startswith="FACTOR_").values_list("act", flat=True)
    assert sorted(told) == ["FACTOR_ADDED", "FACTOR_REMOVED"]
