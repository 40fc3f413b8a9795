"""What a key looks like, how long it lasts, what is kept of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation.access.rights import Right
from recoup.foundation.sign_in import rules

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOUND = {
    "name": "月末对账",
    "scopes": [Right.SEE_CASES],
    "expires_at": NOON + timedelta(days=90),
    "at": NOON,
}


def test_a_key_is_read_back_as_it_was_made_and_no_two_are_alike():
    made = [rules.new_key() for _ in range(50)]
    assert [rules.read_key(key.text) for key in made] == made
    assert len({key.text for key in made}) == 50
    assert all(len(key.secret) == 64 for key in made)


@given(st.text())
def test_whatever_else_is_sent_is_refused_as_no_key(text):
    with pytest.raises(rules.KeyRefused):
        rules.read_key(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper(),
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.replace("recoup_", "other_"),
        lambda text: text + " ",
        lambda text: text.replace("_", "-"),
    ],
)
def test_a_key_that_was_changed_is_refused(change):
    with pytest.raises(rules.KeyRefused):
        rules.read_key(change(rules.new_key().text))


def test_only_the_secret_whose_digest_is_kept_is_the_same():
    secret = rules.new_key().secret
    kept = rules.digest(secret)
    assert secret not in kept
    assert rules.is_same(kept, secret)
    assert not rules.is_same(kept, rules.new_key().secret)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": "  "}, rules.KeyNeedsName),
        ({"name": "x" * 101}, rules.KeyNeedsName),
        ({"scopes": []}, rules.KeyNeedsScopes),
        ({"expires_at": NOON}, rules.KeyLastsTooLong),
        ({"expires_at": NOON + timedelta(days=367)}, rules.KeyLastsTooLong),
    ],
)
def test_a_key_without_name_scope_or_end_is_not_made(wrong, refusal):
    rules.check_key(**SOUND)
    with pytest.raises(refusal):
        rules.check_key(**(SOUND | wrong))


def test_what_is_no_right_any_more_opens_nothing():
    assert rules.scopes_of(["SEE_CASES", "FLY"]) == {Right.SEE_CASES}


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
         ("Firefox", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
         ("Chrome", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
         ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Safari/604.1",
         ("Safari", "iPhone")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Safari/604.1",
         ("Chrome", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 14; ALN-AL10; HarmonyOS) Chrome/114.0 HuaweiBrowser/15.0",
         ("Huawei Browser", "HarmonyOS")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/122.0 Safari/537.36 MicroMessenger/7.0 wxwork/4.1",
         ("WeCom", "Windows")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17.5 Safari/605.1",
         ("Safari", "macOS")),
        ("Mozilla/5.0 (Windows NT 10.0) Something/1", ("", "Windows")),
        ("Other/1", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_a_browser_is_called_as_people_call_it_and_unknown_where_nobody_knows(agent, name):
    assert rules.browser_of(agent) == rules.Browser(*name)
