"""Payments meet dues: in order, to the cent, and as if the truth had always been known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.account import Due, Payment, Terms, post, replay
from recoup.core.account.posting import PaymentOutOfOrder, SeqRepeated
from recoup.core.account.terms import DueInconsistent, TermsInconsistent
from recoup.core.currencies import CurrencyUnknown
from recoup.core.penalty import DayBasisUnknown
from recoup.core.waterfall import OLDEST_INSTALMENT_FIRST, Component, PaymentNegative
from tests.core import loans

TERMS = Terms("CNY", 126_000, grace_days=3)
JANUARY = Due(1, date(2024, 1, 31), principal=1000_00, interest=50_00)
FEBRUARY = Due(2, date(2024, 2, 29), principal=1010_00, interest=40_00)
TOWING = Due(3, date(2024, 3, 5), cost=300_00)


def parts(account):
    return [(a.payment_id, a.seq, a.component.value, a.amount) for a in account.allocations]


def test_the_law_pays_cost_penalty_interest_and_principal_over_all_dues():
    account = replay(TERMS, [JANUARY, FEBRUARY, TOWING], [Payment(date(2024, 3, 10), 7, 500_00)])

    assert parts(account) == [
        (7, 3, "cost", 300_00),
        (7, 1, "penalty", 13_65),  # 1000.00 x 39 days x 12.6 % / 360
        (7, 2, "penalty", 3_54),  # 1010.00 x 10 days x 12.6 % / 360 = 3.535
        (7, 1, "interest", 50_00),
        (7, 2, "interest", 40_00),
        (7, 1, "principal", 92_81),
    ]
    assert account.states[2].settled_on == date(2024, 3, 10)


def test_by_agreement_the_oldest_instalment_is_paid_first():
    terms = replace(TERMS, order=OLDEST_INSTALMENT_FIRST)
    account = replay(terms, [JANUARY, FEBRUARY], [Payment(date(2024, 3, 10), 7, 1065_00)])

    assert parts(account) == [
        (7, 1, "penalty", 13_65),
        (7, 1, "interest", 50_00),
        (7, 1, "principal", 1000_00),
        (7, 2, "penalty", 1_35),
    ]
    assert account.states[0].settled_on == date(2024, 3, 10)
    assert account.states[1].settled_on is None


def test_paid_on_the_last_day_of_grace_there_is_never_a_penalty():
    in_grace = replay(TERMS, [JANUARY], [Payment(date(2024, 2, 3), 1, 1050_00)])

    assert in_grace.states[0].minor_days == 0
    assert in_grace.states[0].settled_on == date(2024, 2, 3)


def test_one_day_after_grace_the_penalty_counts_from_the_due_date():
    late = replay(TERMS, [JANUARY], [Payment(date(2024, 2, 4), 1, 1051_40)])

    assert parts(late)[0] == (1, 1, "penalty", 1_40)  # four days, not one
    assert late.states[0].settled_on == date(2024, 2, 4)


def test_what_remains_after_grace_bears_penalty_for_the_days_of_grace_too():
    account = replay(TERMS, [JANUARY], [Payment(date(2024, 2, 2), 1, 450_00)])
    state = account.states[0]

    assert (state.principal_open, state.minor_days) == (600_00, 2 * 1000_00)
    assert state.penalty_at(TERMS, date(2024, 2, 3)) == 0
    assert state.minor_days_at(TERMS, date(2024, 2, 4)) == 2 * 1000_00 + 2 * 600_00


def test_money_left_is_paid_in_advance_and_the_rest_is_a_credit():
    account = replay(TERMS, [JANUARY, FEBRUARY], [Payment(date(2024, 1, 31), 1, 2200_00)])

    assert parts(account) == [
        (1, 1, "interest", 50_00),
        (1, 1, "principal", 1000_00),
        (1, 2, "interest", 40_00),
        (1, 2, "principal", 1010_00),
    ]
    assert account.unallocated == 100_00
    assert account.states[1].settled_on == date(2024, 1, 31)
    assert account.states[1].accrued_on == date(2024, 2, 29)


def test_a_credit_is_not_applied_again_to_what_falls_due_later():
    account = replay(TERMS, [JANUARY], [Payment(date(2024, 2, 1), 1, 1060_00)])
    again = post(account, Payment(date(2024, 2, 2), 2, 5_00))

    assert [(u.payment_id, u.amount) for u in again.unallocated_by_payment] == [
        (1, 10_00),
        (2, 5_00),
    ]


def test_compound_interest_counts_open_interest_into_the_base_when_agreed():
    compound = replace(TERMS, penalty_on_interest=True)
    without, with_ = (replay(terms, [JANUARY], []).states[0] for terms in (TERMS, compound))

    assert without.base_open(TERMS) == 1000_00
    assert with_.base_open(compound) == 1050_00


def test_the_penalty_of_one_due_stops_at_its_cap():
    capped = replace(TERMS, penalty_cap_pct=5)
    state = replay(capped, [JANUARY], []).states[0]

    assert state.penalty_at(capped, date(2034, 1, 31)) == 52_50


def test_what_was_paid_before_the_account_came_to_us_bears_no_penalty():
    part_paid = replace(JANUARY, principal_paid=400_00, interest_paid=50_00)
    paid = replace(JANUARY, principal_paid=1000_00, interest_paid=50_00)

    assert replay(TERMS, [part_paid], []).states[0].base_open(TERMS) == 600_00
    assert replay(TERMS, [paid], []).states[0].settled_on == paid.due_on


def test_a_due_of_nothing_is_settled_from_the_start():
    assert replay(TERMS, [Due(1, date(2024, 2, 29))], []).states[0].settled_on == date(2024, 2, 29)


def test_a_back_dated_payment_is_replayed_at_its_value_date():
    late = Payment(date(2024, 3, 10), 1, 500_00)
    back_dated = Payment(date(2024, 2, 1), 2, 1050_00)

    told_later = replay(TERMS, [JANUARY, FEBRUARY], [late, back_dated])
    known_at_once = replay(TERMS, [JANUARY, FEBRUARY], [back_dated, late])

    assert told_later == known_at_once
    assert told_later.states[0].penalty_paid == 0
    with pytest.raises(PaymentOutOfOrder):
        post(replay(TERMS, [JANUARY], [late]), back_dated)


def test_a_reversed_payment_leaves_no_trace():
    kept, bounced = Payment(date(2024, 2, 9), 1, 200_00), Payment(date(2024, 2, 10), 2, 800_00)
    payments = [kept, bounced]

    payments.remove(bounced)

    assert replay(TERMS, [JANUARY], payments) == replay(TERMS, [JANUARY], [kept])


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: Terms("RMB", 0), CurrencyUnknown),
        (lambda: Terms("CNY", -1), TermsInconsistent),
        (lambda: Terms("CNY", 0, grace_days=-1), TermsInconsistent),
        (lambda: Terms("CNY", 0, penalty_cap_pct=-1), TermsInconsistent),
        (lambda: Terms("CNY", 0, tolerance_pct=100), TermsInconsistent),
        (lambda: Terms("CNY", 0, tolerance_pct=-1), TermsInconsistent),
        (lambda: Terms("CNY", 0, 366), DayBasisUnknown),
        (lambda: Due(1, date(2024, 2, 29), principal=-1), DueInconsistent),
        (lambda: Due(1, date(2024, 2, 29), interest=5, interest_paid=6), DueInconsistent),
        (lambda: Payment(date(2024, 2, 29), 1, -1), PaymentNegative),
        (lambda: replay(TERMS, [JANUARY, JANUARY], []), SeqRepeated),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, refusal):
    with pytest.raises(refusal):
        make()


@given(loans.terms, loans.due_lists(), loans.payment_lists())
def test_nothing_is_created_or_lost(terms, dues, payments):
    account = replay(terms, dues, payments)

    allocated = sum(a.amount for a in account.allocations)
    assert allocated + account.unallocated == sum(p.amount for p in payments)
    assert all(a.amount > 0 for a in account.allocations)
    for due, state in zip(dues, account.states, strict=True):
        received = dict.fromkeys(Component, 0)
        for part in account.allocations:
            if part.seq == due.seq:
                received[part.component] += part.amount
        assert state.principal_paid == due.principal_paid + received[Component.PRINCIPAL]
        assert state.interest_paid == due.interest_paid + received[Component.INTEREST]
        assert state.cost_paid == due.cost_paid + received[Component.COST]
        assert state.penalty_paid == received[Component.PENALTY]
        assert min(state.principal_open, state.interest_open, state.cost_open) >= 0
        assert state.minor_days == sum(segment.minor_days for segment in state.segments)


@given(loans.terms, loans.due_lists(), loans.payment_lists(), st.randoms())
def test_the_order_in_which_payments_are_told_does_not_matter(terms, dues, payments, random):
    shuffled, shuffled_dues = list(payments), list(dues)
    random.shuffle(shuffled)
    random.shuffle(shuffled_dues)

    assert replay(terms, shuffled_dues, shuffled) == replay(terms, dues, payments)


@given(loans.terms, loans.due_lists(), loans.payment_lists(), st.integers(0, 100))
def test_a_payment_split_in_two_on_one_day_leaves_the_same_states(terms, dues, payments, pct):
    halves = [
        part
        for p in payments
        for part in (
            replace(p, id=2 * p.id, amount=p.amount * pct // 100),
            replace(p, id=2 * p.id + 1, amount=p.amount - p.amount * pct // 100),
        )
    ]

    whole, split = replay(terms, dues, payments), replay(terms, dues, halves)

    assert whole.states == split.states
    assert whole.unallocated == split.unallocated


@given(loans.terms, loans.due_lists(), loans.payment_lists())
def test_posting_one_by_one_is_replaying(terms, dues, payments):
    account = replay(terms, dues, [])
    for payment in sorted(payments):
        account = post(account, payment)

    assert account == replay(terms, dues, payments)


@given(loans.terms, loans.due_lists(), loans.payment_lists())
def test_a_settled_due_owes_nothing_ever_after(terms, dues, payments):
    account = replay(terms, dues, payments)

    for state in account.states:
        if state.settled_on is not None:
            far = loans.PAYMENTS_UNTIL + timedelta(days=3650)
            assert not any(state.open_by_component(terms, far).values())
