"""What speaks against a call as it was told."""

import pytest

from recoup.modules.comms.rules import (
    CODES,
    DEBT_WAS_DISCUSSED,
    LONGEST_NOTE,
    NOTE_NEEDED,
    CallResult,
    CallSaid,
    reasons_against,
)


def codes_against(result: CallResult, *, identity_checked: bool, note: str = "说明") -> set[str]:
    has_promise = result is CallResult.PROMISE
    said = CallSaid(result, False, identity_checked, note, has_promise)
    return {no.code for no in reasons_against(said)}


def test_the_ten_results_have_the_ten_digits():
    assert sorted(code.digit for code in CODES) == list("0123456789")
    assert {code.result for code in CODES} == set(CallResult)


@pytest.mark.parametrize("result", list(CallResult))
def test_identity_is_needed_exactly_where_the_debt_was_discussed(result):
    expected = {"identity_unchecked"} if result in DEBT_WAS_DISCUSSED else set()
    assert codes_against(result, identity_checked=False) == expected
    assert codes_against(result, identity_checked=True) == set()


def test_a_call_back_says_nothing_of_the_debt():
    assert CallResult.CALL_BACK not in DEBT_WAS_DISCUSSED


@pytest.mark.parametrize("result", list(CallResult))
def test_a_note_is_needed_exactly_where_somebody_else_follows_up(result):
    expected = {"note_missing"} if result in NOTE_NEEDED else set()
    assert codes_against(result, identity_checked=True, note=" \n") == expected


def test_a_note_has_a_longest_length():
    fits, too_long = "字" * LONGEST_NOTE, "字" * (LONGEST_NOTE + 1)
    assert codes_against(CallResult.PAID, identity_checked=True, note=fits) == set()
    assert codes_against(CallResult.PAID, identity_checked=True, note=too_long) == {"note_too_long"}
