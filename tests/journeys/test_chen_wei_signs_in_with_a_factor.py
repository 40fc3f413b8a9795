"""Chen Wei's sign-in in the browser: password, app, passkey; and out at once when it is ended."""

import re
import time

import pyotp
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from recoup.foundation.access.context import as_system
from recoup.foundation.sign_in.enrolment import issue_code, note_first_password
from recoup.modules.workforce.models import User
from tests import factories as make
from tests.journeys.accessibility import grave_findings
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import BOTH, CHINESE

pytestmark = pytest.mark.browser
SHARP = "/sign-ins"
SAID = {
    "zh-hans": {
        "show": "显示",
        "set_up": "设置",
        "confirm": "确认",
        "kept": "我已保存",
        "with_passkey": "使用通行密钥登录",
        "use_passkey": "使用通行密钥",
        "add": "添加",
        "factor": "第二重验证",
        "end_all": "结束其全部会话",
        "open_sessions": "在线会话",
        "failed": "通行密钥未通过",
        "wrong_code": "启用码不正确或已失效",
        "give_code": "生成启用码并显示一次",
        "own_first": "当前密码由他人设置",
        "browser": "Chrome（",
    },
    "en": {
        "show": "Show",
        "set_up": "Set up",
        "confirm": "Confirm",
        "kept": "I have kept them",
        "with_passkey": "Sign in with a passkey",
        "use_passkey": "Use a passkey",
        "add": "Add",
        "factor": "Second factor",
        "end_all": "End all of theirs",
        "open_sessions": "Open sessions",
        "failed": "The passkey was not accepted",
        "wrong_code": "This code is not right, or opens no more",
        "give_code": "Make a code and show it once",
        "own_first": "Somebody else knows your present password",
        "browser": "Chrome on ",
    },
}


@pytest.fixture
def operator(house):
    """Who manages staff."""
    return make.make_collector("chen_wei", "陈伟", role="OPERATOR")


def speaks(user, words):
    """The language somebody reads follows them."""
    type(user).objects.filter(pk=user.pk).update(language=words.code)
    return SAID[words.code]


def app_of(desk):
    """The authenticator app, fed with the key the page shows."""
    return pyotp.TOTP(desk.page.locator("#totp-secret").inner_text().strip())


def next_code(app, used=""):
    """A code that was not used yet; waits for the next half minute where it must."""
    while (code := app.now()) == used:
        time.sleep(0.5)
    return code


def is_inside(desk):
    """The sign-in page is left behind."""
    desk.page.wait_for_url(re.compile(r"^(?!.*/login)"))


def code_for(username="chen_wei"):
    """The enrolment code, as whoever has the machine prints it."""
    with as_system("staff"):
        user_id = User.objects.only("pk").get(username=username).pk
        return issue_code(user_id=user_id, actor_id=None, at=timezone.now()).text


def shows_code(desk, code):
    """Types the enrolment code; the password is asked for once more."""
    desk.types(code).presses("Enter")
    expect(desk.page.locator("#id_password")).to_be_focused()
    return desk


def sets_up_an_app(desk, said):
    """From the page that needs a factor to the codes kept; returns the app and the code used."""
    desk.page.get_by_role("link", name=said["set_up"]).first.click()
    desk.types("2222-2222-2222-2222").presses("Enter")
    desk.reads(said["wrong_code"]).fits()
    assert grave_findings(desk.page) == []
    shows_code(desk, code_for()).types(make.PASSWORD).presses("Enter")
    app = app_of(desk)
    used = app.now()
    desk.page.locator("#code").fill(used)
    desk.button(said["set_up"]).click()
    expect(desk.page.locator("#recovery-codes li")).to_have_count(10)
    assert grave_findings(desk.page) == []
    desk.page.get_by_role("link", name=said["kept"]).click()
    return app, used


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_what_needs_a_factor_opens_once_an_app_is_set_up_and_asks_for_it_next_time(
    house, sit_down, operator, words
):
    said = speaks(operator, words)
    desk = sit_down(words=words).opens(SHARP).signs_in("chen_wei", make.PASSWORD)
    desk.is_at("needed=1&next=%2Fsign-ins")
    assert grave_findings(desk.page) == []
    app, used = sets_up_an_app(desk, said)
    desk.opens(SHARP).reads(said["open_sessions"]).fits()
    assert grave_findings(desk.page) == []

    elsewhere = sit_down(words=words).opens(SHARP).signs_in("chen_wei", make.PASSWORD)
    expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text(said["factor"])
    assert grave_findings(elsewhere.page) == []
    elsewhere.fits().types(next_code(app, used)).presses("Enter")
    elsewhere.is_at(SHARP).reads(said["open_sessions"])


@pytest.fixture
def security_key():
    """A key plugged into a browser (Chromium's virtual authenticator), by finger."""

    def plug(desk, credentials=()):
        cdp = desk.page.context.new_cdp_session(desk.page)
        cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        key = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        for credential in credentials:
            cdp.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": credential})
        return cdp, key

    return plug


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_a_passkey_is_added_and_alone_opens_everything_the_factor_opens(
    house, sit_down, operator, security_key, words
):
    said = speaks(operator, words)
    desk = sit_down(words=words).opens("/account").signs_in("chen_wei", make.PASSWORD)
    is_inside(desk)
    cdp, key = security_key(desk)
    shows_code(desk.opens("/account/passkeys/new"), code_for())
    desk.types(make.PASSWORD).presses("Enter")
    expect(desk.button(said["add"])).to_be_visible()
    assert grave_findings(desk.page) == []
    desk.fits().button(said["add"]).click()
    expect(desk.page.locator("#recovery-codes li")).to_have_count(10)
    held = cdp.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert len(held) == 1
    desk.opens(SHARP).reads(said["open_sessions"])

    elsewhere = sit_down(words=words)
    security_key(elsewhere, held)
    elsewhere.opens("/login")
    elsewhere.button(said["with_passkey"]).click()
    is_inside(elsewhere)
    elsewhere.opens(SHARP).reads(said["open_sessions"])


def test_a_passkey_of_somebody_else_opens_nothing_and_the_page_says_so(
    house, sit_down, operator, security_key
):
    said = speaks(operator, CHINESE)
    stranger = sit_down(words=CHINESE)
    security_key(stranger)
    stranger.opens("/login")
    stranger.button(said["with_passkey"]).click()
    stranger.reads(said["failed"])
    stranger.opens(SHARP).is_at("/login?next=/sign-ins")


def test_the_operator_ends_her_sessions_and_her_next_click_leads_to_the_sign_in(
    house, sit_down, operator
):
    said = speaks(operator, CHINESE)
    make.make_collector()
    liu = sit_down(words=CHINESE).opens("/account").signs_in("liu_min", make.PASSWORD)
    is_inside(liu)
    chen = sit_down(words=CHINESE).opens(SHARP).signs_in("chen_wei", make.PASSWORD)
    sets_up_an_app(chen, said)
    chen.opens(SHARP)
    chen.page.locator("tr").filter(has_text="liu_min").get_by_role("button").click()
    chen.reads("会话已结束")
    liu.opens("/account")
    expect(liu.page.get_by_role("heading", level=1)).to_have_text("登录")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_somebody_new_changes_the_first_password_and_sets_up_a_factor_by_the_operators_code(
    house, sit_down, operator, words, size
):
    said = speaks(operator, words)
    he_jie = make.make_collector("he_jie", "何洁")
    speaks(he_jie, words)
    note_first_password(user_id=he_jie.pk)
    chen = sit_down(words=words).opens(SHARP).signs_in("chen_wei", make.PASSWORD)
    sets_up_an_app(chen, said)
    chen.opens(f"/sign-ins/{he_jie.pk}").fits().button(said["give_code"]).click()
    code = chen.fits().page.locator("#enrolment-code").inner_text()
    assert grave_findings(chen.page) == []

    he = sit_down(words=words, size=size).opens("/account").signs_in("he_jie", make.PASSWORD)
    he.reads(said["own_first"]).fits()
    assert grave_findings(he.page) == []
    he.page.locator("#id_oldpassword").fill(make.PASSWORD)
    he.page.locator("#id_password1").fill("three-words-of-her-own")
    he.page.locator("#id_password2").fill("three-words-of-her-own")
    he.presses("Enter").is_at("/account")
    he.reads(said["browser"]).fits()
    shows_code(he.opens("/account/app").fits(), code.lower())
    he.types("three-words-of-her-own").presses("Enter")
    he.page.locator("#app-name").fill("工作手机")
    he.page.locator("#code").fill(app_of(he).now())
    he.button(said["set_up"]).click()
    expect(he.page.locator("#recovery-codes li")).to_have_count(10)
    he.opens("/account").reads("工作手机").fits()
    assert grave_findings(he.page) == []


def test_a_password_can_be_shown_while_it_is_typed_and_pasted(house, sit_down):
    desk = sit_down(words=CHINESE).opens("/login")
    field = desk.page.locator("#id_password")
    field.fill("typed or pasted")
    expect(field).to_have_attribute("type", "password")
    desk.button("显示").click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_be_focused()
    desk.button("显示").click()
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value("typed or pasted")
