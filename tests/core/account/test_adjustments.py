"""Waivers, write-offs and refunds replayed: nothing is created or lost, in whatever order told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.account import (
    Due,
    Payment,
    Refund,
    Refunded,
    Relief,
    ReliefKind,
    Terms,
    Unallocated,
    follow,
    replay,
)
from recoup.core.account.posting import PaymentOutOfOrder
from recoup.core.waterfall import Component, PaymentNegative
from tests.modules.ledger.portfolios import History, histories

JAN_31, MARCH_31 = date(2024, 1, 31), date(2024, 3, 31)
TERMS = Terms("CNY", 126_000)
DUES = (Due(1, JAN_31, principal=900_00, interest=100_00),)
LAST = date(2025, 12, 31)


def waiver(minor: int, component: Component | None = None, seq: int | None = None) -> Relief:
    return Relief(MARCH_31, 1, minor, ReliefKind.WAIVER, component, seq)


def told(history: History) -> tuple[list[Payment], list]:
    numbers = list(range(1, 20))
    return history.standing(LAST, numbers), history.adjusting(LAST, numbers)


def test_a_waiver_settles_only_what_it_is_bound_to():
    # 900.00 over 60 days at 12.6 % / 360.
    account = replay(TERMS, DUES, [], [waiver(500_00, Component.PENALTY)])

    (part,) = account.reliefs
    assert (part.seq, part.component, part.amount) == (1, Component.PENALTY, 18_90)
    assert account.unallocated == 0
    assert account.last_value_on == MARCH_31


def test_a_waiver_bound_to_another_due_lapses():
    account = replay(TERMS, DUES, [], [waiver(500_00, seq=2)])

    assert account.reliefs == ()
    assert account.states == replay(TERMS, DUES, []).states


def test_on_one_day_money_comes_before_what_is_let_go_of():
    paid = Payment(MARCH_31, 99, 1_018_90)

    account = replay(TERMS, DUES, [paid], [waiver(1_018_90)])

    assert account.reliefs == ()
    assert account.unallocated == 0


def test_a_refund_takes_the_credit_there_is_and_the_rest_is_short():
    account = replay(TERMS, DUES, [Payment(JAN_31, 1, 1_050_00)], [Refund(MARCH_31, 1, 80_00)])

    assert account.refunds == (Refunded(1, 50_00, 30_00),)
    assert account.unallocated_by_payment == (Unallocated(1, 50_00),)
    assert account.unallocated == 0


@pytest.mark.parametrize("event", [Refund(JAN_31, 1, 1), Relief(JAN_31, 1, 1, ReliefKind.WAIVER)])
def test_what_is_older_than_the_last_event_is_replayed_not_added(event):
    account = replay(TERMS, DUES, [Payment(MARCH_31, 1, 1_00)])
    with pytest.raises(PaymentOutOfOrder):
        follow(account, [event])


def test_nothing_negative_is_let_go_of_or_given_back():
    for make in (lambda: waiver(-1), lambda: Refund(MARCH_31, 1, -1)):
        with pytest.raises(PaymentNegative):
            make()


@given(history=histories())
def test_what_came_in_is_on_dues_in_credit_or_given_back(history):
    payments, adjustments = told(history)
    account = replay(history.terms, history.dues, payments, adjustments)

    settled = sum(part.amount for part in account.allocations)
    given_back = sum(refund.amount for refund in account.refunds)
    assert sum(p.amount for p in payments) == settled + account.unallocated + given_back
    assert account.unallocated >= 0
    for state in account.states:
        by = [a for a in (*account.allocations, *account.reliefs) if a.seq == state.seq]
        came = next(due for due in history.dues if due.seq == state.seq)
        for component, paid, at_first in (
            (Component.COST, state.cost_paid, came.cost_paid),
            (Component.PENALTY, state.penalty_paid, 0),
            (Component.INTEREST, state.interest_paid, came.interest_paid),
            (Component.PRINCIPAL, state.principal_paid, came.principal_paid),
        ):
            assert paid == at_first + sum(a.amount for a in by if a.component is component)


@given(history=histories(), order=st.randoms(use_true_random=False))
def test_the_order_in_which_history_is_told_does_not_matter(history, order):
    payments, adjustments = told(history)
    expected = replay(history.terms, history.dues, payments, adjustments)

    order.shuffle(payments)
    order.shuffle(adjustments)

    assert replay(history.terms, history.dues, payments, adjustments) == expected


@given(history=histories(), cut=st.integers(0, 300))
def test_a_history_may_be_followed_in_two_parts(history, cut):
    payments, adjustments = told(history)
    day = history.dues[0].due_on + timedelta(days=cut)
    early, late = (
        [e for e in (*payments, *adjustments) if (e.value_on <= day) is is_early]
        for is_early in (True, False)
    )

    whole = replay(history.terms, history.dues, payments, adjustments)

    assert follow(follow(replay(history.terms, history.dues, []), early), late) == whole
