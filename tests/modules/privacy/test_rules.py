"""Which moves there are, how short a schedule may be, and by when somebody is answered."""

from datetime import date

import pytest

from recoup.modules.privacy import rules
from recoup.modules.privacy.rules import (
    DataKind,
    RequestEvent,
    RequestState,
    RunEvent,
    RunState,
    Term,
)


def test_every_move_of_a_deletion_that_is_not_listed_is_refused():
    for state in RunState:
        for event in RunEvent:
            if (state, event) in rules.RUN_MOVES:
                assert rules.next_run_state(state, event) == rules.RUN_MOVES[state, event]
            else:
                with pytest.raises(rules.MoveRefused):
                    rules.next_run_state(state, event)


def test_every_move_of_a_request_that_is_not_listed_is_refused():
    for state in RequestState:
        for event in RequestEvent:
            if (state, event) in rules.REQUEST_MOVES:
                assert rules.next_request_state(state, event) == rules.REQUEST_MOVES[state, event]
            else:
                with pytest.raises((rules.MoveRefused, rules.IdentityUnproved)):
                    rules.next_request_state(state, event)


def test_nothing_is_answered_before_the_identity_is_checked():
    with pytest.raises(rules.IdentityUnproved):
        rules.next_request_state(RequestState.RECEIVED, RequestEvent.ANSWER)


@pytest.mark.parametrize(
    ("kind", "least"), [(DataKind.OBLIGOR, 120), (DataKind.NOTES, 36), (DataKind.VEHICLE, 0)]
)
def test_a_schedule_is_never_shorter_than_the_law_says(kind, least):
    rules.check_months(kind, least)
    with pytest.raises(rules.TooShort):
        rules.check_months(kind, least - 1)


def test_the_days_for_an_answer_are_counted_from_the_day_it_came():
    assert rules.due_on(date(2026, 11, 20), Term(15)) == date(2026, 12, 5)


def test_three_years_after_a_leap_day_is_the_last_of_february():
    assert rules.years_later(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert rules.years_later(date(2026, 11, 20), 3) == date(2029, 11, 20)


def test_two_eyes_are_not_four():
    rules.check_second(1, 2)
    with pytest.raises(rules.SamePerson):
        rules.check_second(1, 1)
