"""Who knows a password alone sets up no factor: the code, who gives it out, and what it opens."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from recoup.foundation.access.context import NOBODY, NotAllowed, as_system, held
from recoup.foundation.audit.models import Event
from recoup.foundation.sign_in import enrolment, resets, rules
from recoup.foundation.sign_in.models import EnrolmentCode, Session
from recoup.modules.workforce.models import User
from tests.foundation.access.house import ask, looking
from tests.foundation.access.test_doors import refused
from tests.interfaces.web.sign_in.people import Somebody

pytestmark = pytest.mark.django_db
WAYS = ("/account/app", "/account/passkeys/new")
SHARP = "/sign-ins"
WRITE = (
    "INSERT INTO sign_in_enrolmentcode (user_id, digest, made_at, expires_at, wrong_tries)"
    " VALUES (%s, 'x', now(), now() + interval '1 hour', 0)"
)
WRONG = "2222-2222-2222-2222"


def acts(name: str) -> list[dict[str, object]]:
    return list(Event.objects.filter(act=name).values_list("facts", flat=True))


@pytest.mark.parametrize("way", WAYS)
def test_the_password_alone_opens_no_way_to_a_first_factor(chen_wei, way):
    chen_wei.signs_in()
    chen_wei.confirms()
    for answer in (chen_wei.client.get(way), chen_wei.client.post(way, {"code": "123456"})):
        assert answer["Location"].startswith("/account/enrol?next=")
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_the_code_opens_the_way_once_and_in_this_session_alone(chen_wei, way):
    thief = Somebody("chen_wei")
    thief.signs_in()
    chen_wei.signs_in()
    code = chen_wei.is_given_a_code()
    assert chen_wei.enrols(code, way)["Location"] == way
    chen_wei.confirms()
    assert chen_wei.client.get(way).status_code == 200
    thief.confirms()
    assert thief.enrols(code, way).status_code == 422
    assert thief.client.get(way)["Location"].startswith("/account/enrol")


@pytest.mark.parametrize(
    "written",
    [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "],
)
def test_a_code_is_taken_as_people_write_it(chen_wei, written):
    chen_wei.signs_in()
    assert chen_wei.enrols(written(chen_wei.is_given_a_code())).status_code == 302


@pytest.mark.parametrize("typed", ["", WRONG, "x" * 5000, "\0", "'; --"])
def test_a_wrong_code_opens_nothing_is_counted_and_on_record(chen_wei, typed):
    chen_wei.signs_in()
    chen_wei.is_given_a_code()
    answer = chen_wei.enrols(typed)
    assert answer.status_code == 422
    assert "启用码不正确" in answer.text
    assert chen_wei.client.get("/account/app")["Location"].startswith("/account/enrol")
    assert EnrolmentCode.objects.get().wrong_tries == 1
    assert acts("ENROLMENT_REFUSED") == [{"tries": 1}]


def test_after_five_wrong_tries_the_right_code_opens_no_more(chen_wei):
    chen_wei.signs_in()
    code = chen_wei.is_given_a_code()
    for _ in range(rules.CODE_TRIES):
        chen_wei.enrols(WRONG)
    assert chen_wei.enrols(code).status_code == 422
    assert chen_wei.enrols(chen_wei.is_given_a_code()).status_code == 302


def test_a_code_opens_for_eight_hours(chen_wei, at_ten):
    code = chen_wei.is_given_a_code()
    at_ten.shift(timedelta(hours=8))
    chen_wei.signs_in()
    assert chen_wei.enrols(code).status_code == 422
    code = chen_wei.is_given_a_code()
    at_ten.shift(timedelta(minutes=29))
    assert chen_wei.enrols(code).status_code == 302


def test_a_new_code_makes_the_one_before_worthless(chen_wei):
    chen_wei.signs_in()
    first, second = chen_wei.is_given_a_code(), chen_wei.is_given_a_code()
    assert chen_wei.enrols(first).status_code == 422
    assert chen_wei.enrols(second).status_code == 302


def test_nobody_uses_the_code_of_somebody_else(chen_wei, liu_min):
    code = liu_min.is_given_a_code()
    chen_wei.signs_in()
    assert chen_wei.enrols(code).status_code == 422
    liu_min.signs_in()
    assert liu_min.enrols(code).status_code == 302


def test_what_a_code_opened_shuts_after_half_an_hour(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.enrols(chen_wei.is_given_a_code())
    for minutes, is_open in ((29, True), (2, False)):
        at_ten.shift(timedelta(minutes=minutes))
        answer = chen_wei.client.get("/account/app")
        assert answer["Location"].startswith("/account/confirm") is is_open


def test_only_a_digest_is_kept_and_no_code_is_on_record(chen_wei):
    code = chen_wei.is_given_a_code()
    kept = str(EnrolmentCode.objects.values().get()) + str(list(Event.objects.values()))
    assert code not in kept
    assert rules.bare_code(code) not in kept
    assert EnrolmentCode.objects.get().digest == rules.digest(rules.bare_code(code))


def test_a_second_factor_takes_the_first_and_no_code(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    at_ten.shift(timedelta(minutes=11))
    assert chen_wei.client.get("/account/enrol?next=/account/app")["Location"] == "/account/app"
    answer = chen_wei.client.get("/account/passkeys/new")
    assert answer["Location"].startswith("/account/confirm/code")
    chen_wei.client.post("/account/confirm/code", {"code": chen_wei.code(), "next": "/account"})
    assert chen_wei.client.get("/account/passkeys/new").status_code == 200
    user_id = User.objects.only("pk").get(username="chen_wei").pk
    with as_system("staff"), pytest.raises(rules.FactorKnown):
        enrolment.issue_code(user_id=user_id, actor_id=None, at=timezone.now())


def test_who_takes_the_last_factor_away_puts_another_in_its_place_for_half_an_hour(
    chen_wei, at_ten
):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    chen_wei.client.post("/account/app/remove")
    assert not Authenticator.objects.exists()
    chen_wei.confirms()
    assert chen_wei.client.get("/account/app").status_code == 200
    at_ten.shift(timedelta(minutes=29))
    chen_wei.is_in  # noqa: B018 - somebody is still there
    at_ten.shift(timedelta(minutes=2))
    assert chen_wei.client.get("/account/app")["Location"].startswith("/account/enrol")


def test_the_password_brings_a_factor_that_was_taken_away_not_back(chen_wei):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    chen_wei.client.post("/account/app/remove")
    assert chen_wei.confirms().status_code == 302
    assert chen_wei.client.get(SHARP)["Location"].startswith("/account/factor")
    assert not Session.objects.get(user__username="chen_wei").has_second_factor


def test_who_comes_in_by_a_recovery_code_sets_up_another_factor_without_a_code(chen_wei, at_ten):
    chen_wei.signs_in()
    chen_wei.sets_up_an_app()
    code, confirming = chen_wei.recovery_codes()[:2]
    again = Somebody("chen_wei")
    again.signs_in()
    again.shows_a_code(code)
    again.client.post("/account/confirm/code", {"code": confirming, "next": "/account"})
    assert again.client.get("/account/passkeys/new").status_code == 200


class Counter:
    """Chen Wei at the page where somebody is let in."""

    def __init__(self, chen_wei: Somebody, whom: str) -> None:
        chen_wei.signs_in()
        chen_wei.sets_up_an_app()
        self.client = chen_wei.client
        self.address = f"/sign-ins/{User.objects.only('pk').get(username=whom).pk}"

    def gives(self, what: str):
        return self.client.post(f"{self.address}/{what}")


@pytest.fixture
def counter(chen_wei, liu_min):
    return Counter(chen_wei, "liu_min")


def test_the_operator_gives_a_code_that_is_shown_once_and_opens(counter, liu_min):
    answer = counter.gives("code")
    code = answer.context["code"].text
    assert code in answer.text
    assert "no-store" in answer["Cache-Control"]
    page = counter.client.get(counter.address).text
    assert code not in page
    assert "由陈伟发放" in page
    liu_min.signs_in()
    assert liu_min.enrols(code).status_code == 302
    user_id = User.objects.only("pk").get(username="chen_wei").pk
    assert Event.objects.filter(act="ENROLMENT_MADE", actor_id=user_id).count() == 1
    liu = User.objects.only("pk").get(username="liu_min").pk
    assert Event.objects.filter(act="ENROLMENT_SHOWN", subject_id=liu, actor_id=liu).count() == 1


def test_the_operator_forgets_a_lost_factor_and_gives_a_code(counter, liu_min, at_ten):
    liu_min.signs_in()
    liu_min.sets_up_an_app()
    liu = User.objects.only("pk").get(username="liu_min").pk
    assert counter.gives("code").status_code == 422
    assert "此人已设置第二重验证" in counter.gives("code").text
    code = counter.gives("factors").context["code"].text
    assert not Authenticator.objects.filter(user_id=liu).exists()
    assert not liu_min.is_in
    liu_min.signs_in()
    assert liu_min.is_in
    assert liu_min.enrols(code).status_code == 302
    (facts,) = acts("FACTOR_RESET")
    assert facts["factors"] == 2


def test_the_operator_gives_a_new_password_that_must_be_changed(counter, liu_min):
    liu_min.signs_in()
    password = counter.gives("password").context["password"]
    assert not liu_min.is_in
    assert Somebody("liu_min").signs_in().status_code == 200
    assert liu_min.signs_in(password).status_code == 302
    assert liu_min.client.get("/account")["Location"].startswith("/account/password")


@pytest.mark.parametrize("what", ["code", "factors", "password"])
def test_nobody_lets_themselves_in_nor_somebody_who_has_left(chen_wei, liu_min, what):
    own = Counter(chen_wei, "chen_wei")
    answer = own.gives(what)
    assert answer.status_code == 422
    assert "不能为自己办理" in answer.text
    User.objects.filter(username="liu_min").update(is_active=False)
    liu = User.objects.only("pk").get(username="liu_min").pk
    assert own.client.post(f"/sign-ins/{liu}/{what}").status_code == 422
    assert own.client.post(f"/sign-ins/999999999/{what}").status_code == 404
    assert not EnrolmentCode.objects.exists()
    assert Authenticator.objects.filter(user__username="chen_wei").count() == 2


@pytest.mark.parametrize("what", ["code", "factors", "password"])
def test_a_service_is_let_in_by_its_keys_alone(counter, what):
    bank = User.objects.create(username="bank", password="!", is_service=True)
    assert counter.client.post(f"/sign-ins/{bank.pk}/{what}").status_code == 422
    assert not EnrolmentCode.objects.exists()


@pytest.mark.parametrize("what", ["code", "factors", "password"])
def test_who_does_not_manage_staff_or_shows_no_factor_lets_nobody_in(chen_wei, liu_min, what):
    liu_min.signs_in()
    chen_wei.signs_in()
    for who, whom in ((liu_min, "chen_wei"), (chen_wei, "liu_min")):
        user_id = User.objects.only("pk").get(username=whom).pk
        answer = who.client.post(f"/sign-ins/{user_id}/{what}")
        assert answer.status_code in {302, 403}
    assert not EnrolmentCode.objects.exists()
    with held(NOBODY), pytest.raises(NotAllowed):
        enrolment.issue_code(user_id=user_id, actor_id=None, at=timezone.now())
    assert Somebody("liu_min").signs_in().status_code == 302


def test_a_proof_of_an_hour_ago_lets_nobody_in(counter, at_ten):
    at_ten.shift(timedelta(minutes=11))
    assert counter.gives("code")["Location"].startswith("/account/confirm")
    assert not EnrolmentCode.objects.filter(user__username="liu_min").exists()


def test_the_database_lets_nobody_write_a_code_for_themselves_nor_without_a_factor(
    chen_wei, liu_min
):
    chen, liu = (User.objects.only("pk").get(username=name).pk for name in ("chen_wei", "liu_min"))
    for whom, is_strong in ((chen, True), (chen, False), (liu, False)):
        with looking(chen, has_second_factor=is_strong):
            refused(WRITE, whom)
    assert not EnrolmentCode.objects.exists()
    with looking(chen):
        ask(WRITE, liu)
    assert EnrolmentCode.objects.get().user_id == liu


def test_what_ended_at_the_door_is_forgotten_and_what_stands_stays(chen_wei, liu_min, at_ten):
    liu_min.is_given_a_code()
    at_ten.shift(timedelta(hours=8))
    code = chen_wei.is_given_a_code()
    resets.forget_ended(at=timezone.now())
    assert list(EnrolmentCode.objects.values_list("user__username", flat=True)) == ["chen_wei"]
    chen_wei.signs_in()
    assert chen_wei.enrols(code).status_code == 302


def test_the_factor_is_named_while_set_up_and_renamed_by_its_owner_alone(chen_wei, liu_min):
    chen_wei.signs_in()
    chen_wei.enrols(chen_wei.is_given_a_code())
    chen_wei.scans_and_types(name="  工作手机\n ")
    assert "工作手机" in chen_wei.client.get("/account").text
    app = Authenticator.objects.get(type="totp")
    address = f"/account/factors/{app.pk}/name"
    assert chen_wei.client.post(address, {"name": "N" * 100}).status_code == 302
    app.refresh_from_db()
    assert app.data["name"] == "N" * 60
    for empty in ("", "   ", "\n"):
        assert chen_wei.client.post(address, {"name": empty}).status_code == 422
    liu_min.signs_in()
    assert liu_min.client.post(address, {"name": "mine"}).status_code == 404
    codes = Authenticator.objects.get(type="recovery_codes").pk
    assert chen_wei.client.get(f"/account/factors/{codes}/name").status_code == 404
    app.refresh_from_db()
    assert app.data["name"] == "N" * 60
    assert set(app.data) == {"name", "secret"}


def test_the_name_is_no_markup(chen_wei):
    chen_wei.signs_in()
    chen_wei.enrols(chen_wei.is_given_a_code())
    chen_wei.scans_and_types(name="<b>bold</b>")
    assert "<b>bold" not in chen_wei.client.get("/account").text
