"""A refusal carries what a door needs to say it in another language."""

import pickle

import pytest

import recoup.core.account
import recoup.core.annuity
import recoup.core.dunning
import recoup.core.schedule  # noqa: F401 - importing registers the subclasses
from recoup.core.refusals import Refused


class TooLate(Refused):
    code = "too_late"
    message = "%(day)s is too late."


def test_a_refusal_says_its_message_with_its_values():
    no = TooLate(day="2024-02-29")

    assert str(no) == "2024-02-29 is too late."
    assert (no.code, no.message, no.params) == (
        "too_late",
        "%(day)s is too late.",
        {"day": "2024-02-29"},
    )


def test_a_door_may_translate_the_template_and_fill_in_the_same_values():
    no, translated = TooLate(day="2024-02-29"), "%(day)s 太晚了"

    assert translated % no.params == "2024-02-29 太晚了"


def test_the_raiser_may_give_the_message_and_a_lone_per_cent_sign_needs_no_doubling():
    assert str(Refused("Not above 24 %.")) == "Not above 24 %."
    assert str(Refused("Not above %(cap)s.", cap=24)) == "Not above 24."
    assert str(Refused()) == "This is refused."


def test_a_refusal_survives_a_worker_boundary():
    copy = pickle.loads(pickle.dumps(TooLate(day="2024-02-29")))  # noqa: S301 - our own bytes

    assert str(copy) == "2024-02-29 is too late."


def _all_refusals(kind: type[Refused] = Refused) -> list[type[Refused]]:
    return [kind, *(deep for child in kind.__subclasses__() for deep in _all_refusals(child))]


def test_every_refusal_of_the_core_has_a_code_of_its_own():
    ours = [kind for kind in _all_refusals() if kind.__module__.startswith("recoup.core")]

    assert len(ours) > 25
    assert len({kind.code for kind in ours}) == len(ours)
    for kind in ours:
        assert kind.__doc__, kind
        assert kind.message.endswith("."), kind


def test_anything_else_is_a_bug_and_crashes():
    with pytest.raises(KeyError):
        str(TooLate(date="2024-02-29"))
