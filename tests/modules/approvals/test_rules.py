"""Which moves a request knows, and whose limit is wide enough."""

import pytest

from recoup.core.money import Money
from recoup.modules.approvals import rules
from recoup.modules.approvals.rules import Event, Limit, State

LIMIT = Limit(alone_minor=500_00, grants_minor=5_000_00)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_state_takes_the_events_of_the_table_and_no_other(state, event):
    if (state, event) in rules.MOVES:
        assert rules.next_state(state, event) is rules.MOVES[state, event]
    else:
        with pytest.raises(rules.AlreadyDecided):
            rules.next_state(state, event)


def test_only_what_waits_is_decided_and_only_what_is_granted_is_done():
    assert {state for state, event in rules.MOVES if event is not Event.DO} == {State.ASKED}
    assert [state for state, event in rules.MOVES if event is Event.DO] == [State.GRANTED]
    ends = {State.DONE, State.REFUSED, State.WITHDRAWN}
    assert not any((state, event) in rules.MOVES for state in ends for event in Event)


@pytest.mark.parametrize(
    ("minor", "lately", "alone"),
    [(500_00, 0, True), (500_01, 0, False), (1, 500_00, False), (200_00, 300_00, True)],
)
def test_ones_own_limit_counts_what_one_granted_oneself_lately(minor, lately, alone):
    assert rules.is_alone(cny(minor), lately, LIMIT) is alone


def test_a_decider_grants_up_to_their_limit():
    rules.refuse_beyond(cny(5_000_00), LIMIT)
    with pytest.raises(rules.AboveLimit) as no:
        rules.refuse_beyond(cny(5_000_01), LIMIT)
    assert no.value.params == {"limit": cny(5_000_00), "amount": cny(5_000_01)}


def test_what_nobody_could_grant_is_refused_at_once():
    rules.refuse_vain(cny(1), 1)
    with pytest.raises(rules.AboveEveryLimit):
        rules.refuse_vain(cny(2), 1)
    with pytest.raises(rules.AmountNotAskable):
        rules.refuse_vain(cny(0), 1)


def test_nobody_decides_on_their_own():
    rules.refuse_decider(1, 2)
    with pytest.raises(rules.OwnRequest):
        rules.refuse_decider(1, 1)


@pytest.mark.parametrize("reason", ["", "   ", "ok", " a \n b "])
def test_a_reason_that_says_nothing_is_refused(reason):
    with pytest.raises(rules.ReasonTooShort):
        rules.sound_reason(reason)


def test_a_reason_is_kept_without_needless_blanks_and_not_longer_than_its_column():
    assert rules.sound_reason("  多收 \n 退款 ") == "多收 退款"
    assert len(rules.sound_reason("很" * 300)) == rules.LONGEST_REASON
