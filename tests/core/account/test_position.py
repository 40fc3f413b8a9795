"""Where an account stands on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.account import Due, Payment, Terms, explain, position, replay
from recoup.core.account.position import AsOfBeforeLastPayment
from recoup.core.arrears import Tier
from tests.core import loans

TERMS = Terms("CNY", 126_000, grace_days=3)
DUES = [
    Due(1, date(2024, 1, 31), principal=1000_00, interest=50_00),
    Due(2, date(2024, 2, 29), principal=1010_00, interest=40_00),
    Due(3, date(2024, 3, 31), principal=1020_00, interest=30_00),
]


def test_liu_is_thirty_days_late():
    liu_30_days_late = replay(TERMS, DUES, [])

    stands = position(liu_30_days_late, date(2024, 3, 1))

    assert stands.oldest_due_on == date(2024, 1, 31)
    assert (stands.dpd_raw, stands.dpd_net, stands.bucket_code) == (30, 27, "M1")
    assert stands.tier is Tier.SPECIAL_MENTION
    assert stands.overdue_principal == 2010_00
    assert stands.overdue_interest == 90_00
    assert stands.overdue_penalty == 10_50  # January's only: February is in grace
    assert stands.overdue_total == 2110_50
    assert stands.outstanding_principal == 3030_00


def test_on_its_due_date_nothing_is_overdue():
    stands = position(replay(TERMS, DUES, []), date(2024, 1, 31))

    assert (stands.overdue_total, stands.dpd_raw, stands.bucket_code) == (0, 0, "M0")
    assert stands.oldest_due_on is None
    assert stands.tier is Tier.PASS


def test_in_grace_the_sum_is_overdue_but_the_account_is_not_late():
    stands = position(replay(TERMS, DUES, []), date(2024, 2, 3))

    assert (stands.overdue_total, stands.dpd_raw, stands.dpd_net) == (1050_00, 3, 0)
    assert (stands.bucket, stands.tier) == (0, Tier.PASS)


def test_a_cost_alone_is_owed_but_makes_no_one_late():
    towed = replay(TERMS, [Due(1, date(2023, 12, 31), cost=300_00)], [])

    stands = position(towed, date(2024, 2, 29))

    assert (stands.overdue_cost, stands.overdue_total) == (300_00, 300_00)
    assert (stands.oldest_due_on, stands.dpd_raw, stands.overdue_penalty) == (None, 0, 0)


def test_a_shortfall_within_the_tolerance_is_owed_but_makes_no_one_late():
    terms = replace(TERMS, tolerance_pct=10)
    nine_tenths = replay(terms, DUES, [Payment(date(2024, 1, 31), 1, 945_00)])
    a_cent_less = replay(terms, DUES, [Payment(date(2024, 1, 31), 1, 944_99)])

    tolerated, late = (position(a, date(2024, 2, 15)) for a in (nine_tenths, a_cent_less))

    assert (tolerated.oldest_due_on, tolerated.dpd_raw, tolerated.bucket) == (None, 0, 0)
    assert tolerated.overdue_principal + tolerated.overdue_interest == 105_00
    assert (late.oldest_due_on, late.dpd_raw) == (date(2024, 1, 31), 15)


def test_paying_the_oldest_due_rolls_the_account_back():
    paid = replay(TERMS, DUES, [Payment(date(2024, 3, 31), 1, 1200_00)])

    assert position(paid, date(2024, 4, 1)).oldest_due_on == date(2024, 2, 29)


def test_a_day_before_the_last_payment_is_refused():
    account = replay(TERMS, DUES, [Payment(date(2024, 2, 29), 1, 5)])

    for ask in (position, explain):
        with pytest.raises(AsOfBeforeLastPayment):
            ask(account, date(2024, 2, 28))


@given(loans.terms, loans.due_lists(), loans.payment_lists(), st.integers(0, 400))
def test_the_penalty_never_shrinks_with_time(terms, dues, payments, days):
    account = replay(terms, dues, payments)
    first = loans.PAYMENTS_UNTIL
    later = first + timedelta(days=days)

    assert position(account, later).overdue_penalty >= position(account, first).overdue_penalty
    assert position(account, later).dpd_raw >= position(account, first).dpd_raw


@given(loans.terms, loans.due_lists(), loans.payment_lists())
def test_what_was_due_is_paid_or_open(terms, dues, payments):
    account = replay(terms, dues, payments)
    stands = position(account, loans.PAYMENTS_UNTIL + timedelta(days=1))

    scheduled = sum(d.principal + d.interest + d.cost for d in dues)
    paid_before = sum(d.principal_paid + d.interest_paid + d.cost_paid for d in dues)
    received = sum(a.amount for a in account.allocations if a.component != "penalty")
    open_now = stands.overdue_total - stands.overdue_penalty
    assert scheduled == paid_before + received + open_now
    assert stands.outstanding_principal == stands.overdue_principal


@given(loans.terms, loans.due_lists(), loans.payment_lists(), st.integers(0, 200))
def test_the_explanation_adds_up_to_the_position(terms, dues, payments, days):
    account = replay(terms, dues, payments)
    as_of = loans.PAYMENTS_UNTIL + timedelta(days=days)
    stands, why = position(account, as_of), explain(account, as_of)

    assert why.total == stands.overdue_total
    assert sum(d.penalty_open for d in why.dues) == stands.overdue_penalty
    assert sum(d.principal_open for d in why.dues) == stands.overdue_principal
    assert sum(d.interest_open for d in why.dues) == stands.overdue_interest
    assert sum(d.cost_open for d in why.dues) == stands.overdue_cost


@given(loans.terms, loans.due_lists(), loans.payment_lists())
def test_arrears_without_payments_never_fall_below_those_with_them(terms, dues, payments):
    uncapped = replace(terms, penalty_cap_pct=None)
    as_of = loans.PAYMENTS_UNTIL
    paid, unpaid = (position(replay(uncapped, dues, given_), as_of) for given_ in (payments, []))

    assert unpaid.dpd_raw >= paid.dpd_raw
    assert unpaid.overdue_principal >= paid.overdue_principal
