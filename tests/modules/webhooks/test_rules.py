"""Addresses, signatures, pauses and states."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.modules.webhooks import rules
from recoup.modules.webhooks.rules import Answer, SubscriptionEvent, SubscriptionState

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_it_signs_as_the_published_example_does():
    """The example of the Standard Webhooks specification's own reference libraries."""
    signed = rules.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        event_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        sent_at=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "said",
    [
        "http://a.example/", "https://", "https:///x", "ftp://a.example", "https://u:p@a.example/",
        "https://a.example/#x", "https://a.example/钩子", "https://a.example/a b", "javascript:0",
        "https://a.example:99999/", "https://a.example:0/", "https://[broken", "",
        "https://a.example/\r\nX: 1", "https://a.example/" + "x" * 500, "//a.example/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_https_or_not_plain_is_refused(said):
    with pytest.raises(rules.AddressUnfit):
        rules.sound_address(said)


def test_a_sound_address_stays_as_it_is():
    assert rules.sound_address("  https://a.example:8443/x?k=1 ") == "https://a.example:8443/x?k=1"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_https_address_or_refused(said):
    try:
        address = rules.sound_address(said)
    except rules.AddressUnfit:
        return
    assert address.startswith("https://")
    assert address.isascii()


@pytest.mark.parametrize("said", [[], ["case.opened", "case.eaten"], [""]])
def test_kinds_must_be_known_and_some(said):
    with pytest.raises(rules.KindsMissing):
        rules.sound_kinds(said)


def test_pauses_grow_and_end_after_three_days():
    assert list(rules.PAUSES) == sorted(rules.PAUSES)
    assert timedelta(days=3) < sum(rules.PAUSES, timedelta()) < timedelta(days=4)
    assert rules.pause_after(len(rules.PAUSES)) == rules.LONGEST_PAUSE
    assert rules.pause_after(len(rules.PAUSES) + 1) is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", 5), ("abc", 5), ("-3", 5), ("3", 5), ("600", 600), ("999999999", 86_400),
        ("9999999999999", 5), ("Fri, 20 Nov 2026 02:10:00 GMT", 600),
        ("Fri, 20 Nov 2020 02:10:00 GMT", 5), ("Fri, 20 Nov 2026 02:10:00", 600),
    ],
)  # fmt: skip
def test_a_receiver_rests_as_long_as_it_asks_but_no_longer_than_a_day(said, seconds):
    rest = rules.rest_after(1, Answer(429, retry_after=said), at=AT)

    assert rest == timedelta(seconds=seconds)


@given(st.text(max_size=40))
def test_no_retry_after_whatever_breaks_it(said):
    rest = rules.rest_after(1, Answer(503, retry_after=said), at=AT)

    assert timedelta(seconds=5) <= rest <= rules.LONGEST_PAUSE


def test_rests_grow_to_a_quarter_of_an_hour_and_no_further():
    rests = [rules.rest_after(n, Answer(500), at=AT) for n in range(1, 40)]

    assert rests == sorted(rests)
    assert rests[-1] == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("status", "about_the_event"),
    [
        (400, True),
        (404, True),
        (422, True),
        (408, False),
        (429, False),
        (500, False),
        (None, False),
    ],
)
def test_whether_the_event_was_refused_or_its_receiver_is_unwell(status, about_the_event):
    assert Answer(status).is_about_the_event is about_the_event


LISTED = {
    ("ACTIVE", "PAUSE"): "PAUSED", ("FAILING", "PAUSE"): "PAUSED", ("PAUSED", "RESUME"): "ACTIVE",
    ("FAILING", "RESUME"): "ACTIVE", ("GONE", "RESUME"): "ACTIVE", ("ACTIVE", "FAIL"): "FAILING",
    ("ACTIVE", "VANISH"): "GONE", ("ACTIVE", "END"): "ENDED", ("PAUSED", "END"): "ENDED",
    ("FAILING", "END"): "ENDED", ("GONE", "END"): "ENDED",
}  # fmt: skip


@pytest.mark.parametrize("state", SubscriptionState)
@pytest.mark.parametrize("event", SubscriptionEvent)
def test_every_pair_of_state_and_event_is_as_listed(state, event):
    if (state, event) in LISTED:
        assert rules.next_state(state, event) == LISTED[state, event]
        return
    with pytest.raises(rules.SubscriptionMoveRefused):
        rules.next_state(state, event)
