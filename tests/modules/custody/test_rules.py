"""Which movement may follow which, and what a loan must say."""

from datetime import date, timedelta

import pytest

from recoup.modules.custody import rules
from recoup.modules.custody.rules import ItemState, MovementKind

TODAY = date(2026, 11, 20)
ALLOWED = {
    ("IN", "BORROWED"), ("IN", "MOVED"), ("IN", "HANDED_OVER"),
    ("OUT", "RETURNED"), ("OUT", "PROLONGED"),
}  # fmt: skip


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("kind", [k for k in MovementKind if k is not MovementKind.REGISTERED])
def test_what_is_not_listed_is_refused(state, kind):
    if (state, kind) in ALLOWED:
        assert rules.next_state(state, kind) in ItemState
        return
    with pytest.raises((rules.NotThere, rules.NotOut)):
        rules.next_state(state, kind)


@pytest.mark.parametrize(
    ("due_on", "refusal"),
    [
        (TODAY - timedelta(days=1), rules.DuePast),
        (TODAY + timedelta(days=31), rules.DueTooLate),
    ],
)
def test_a_loan_is_for_today_to_thirty_days(due_on, refusal):
    with pytest.raises(refusal):
        rules.refuse_loan(keeper_id=1, borrower_id=2, due_on=due_on, as_of=TODAY)
    for days in (0, 30):
        due_on = TODAY + timedelta(days=days)
        rules.refuse_loan(keeper_id=1, borrower_id=2, due_on=due_on, as_of=TODAY)


def test_nobody_lends_to_themselves():
    with pytest.raises(rules.KeeperBorrows):
        rules.refuse_loan(keeper_id=1, borrower_id=1, due_on=TODAY, as_of=TODAY)


def test_a_thing_is_late_from_the_day_after():
    assert rules.days_overdue(None, TODAY) == 0
    assert rules.days_overdue(TODAY, TODAY) == 0
    assert rules.days_overdue(TODAY - timedelta(days=2), TODAY) == 2
