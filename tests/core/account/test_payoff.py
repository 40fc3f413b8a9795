"""What settles a loan on a day, and that it does."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.account import (
    AccruedInterest,
    Due,
    Payment,
    Terms,
    payoff_quote,
    position,
    post,
    replay,
    settle,
)
from recoup.core.account.payoff import FeeNegative, PeriodStartUnknown, QuoteStale
from recoup.core.account.position import AsOfBeforeLastPayment
from tests.core import loans

TERMS = Terms("CNY", 126_000)
DUES = [
    Due(1, date(2024, 1, 31), principal=1000_00, interest=60_00),
    Due(2, date(2024, 2, 29), principal=1010_00, interest=58_00),
    Due(3, date(2024, 3, 31), principal=1020_00, interest=30_00),
]
MID_FEBRUARY = date(2024, 2, 15)


@pytest.mark.parametrize(
    ("convention", "accrued", "waived"),
    [
        (AccruedInterest.FULL_PERIOD, 58_00, 30_00),
        (AccruedInterest.PRO_RATA, 30_00, 58_00),  # 15 of 29 days
        (AccruedInterest.WAIVED, 0, 88_00),
    ],
)
def test_a_quote_bears_interest_by_its_convention(convention, accrued, waived):
    quote = payoff_quote(replay(TERMS, DUES, []), MID_FEBRUARY, convention)

    assert (quote.accrued_interest, quote.waived_interest) == (accrued, waived)
    assert (quote.due_principal, quote.due_interest, quote.due_penalty) == (1000_00, 60_00, 5_25)
    assert quote.remaining_principal == 2030_00
    assert quote.total == 1000_00 + 60_00 + 5_25 + accrued + 2030_00


def test_on_a_due_date_the_instalment_is_due_in_full_and_the_next_has_not_begun():
    quote = payoff_quote(replay(TERMS, DUES, []), date(2024, 2, 29), AccruedInterest.PRO_RATA)

    assert (quote.due_principal, quote.due_interest) == (2010_00, 118_00)
    assert (quote.running_seq, quote.accrued_interest) == (3, 0)


def test_an_early_settlement_fee_is_a_share_of_the_remaining_principal():
    account = replay(TERMS, DUES, [])
    quote = payoff_quote(account, MID_FEBRUARY, AccruedInterest.WAIVED, fee_micro=30_000)

    assert quote.fee == 60_90
    with pytest.raises(FeeNegative):
        payoff_quote(account, MID_FEBRUARY, AccruedInterest.WAIVED, fee_micro=-1)


def test_interest_paid_in_advance_is_not_asked_again():
    account = replay(TERMS, DUES[1:], [Payment(date(2024, 2, 1), 1, 20_00)])
    quote = payoff_quote(
        account, MID_FEBRUARY, AccruedInterest.PRO_RATA, loan_began_on=date(2024, 1, 31)
    )

    assert quote.accrued_interest == 10_00


def test_in_the_first_period_somebody_must_say_when_the_loan_began():
    account = replay(TERMS, DUES, [])

    with pytest.raises(PeriodStartUnknown):
        payoff_quote(account, date(2024, 1, 10), AccruedInterest.PRO_RATA)
    quote = payoff_quote(
        account,
        date(2024, 1, 10),
        AccruedInterest.PRO_RATA,
        loan_began_on=date(2023, 12, 31),
    )
    assert quote.accrued_interest == 19_35  # 10 of 31 days


def test_after_the_last_instalment_there_is_only_what_is_overdue():
    account = replay(TERMS, DUES, [])
    quote = payoff_quote(account, date(2024, 4, 30), AccruedInterest.PRO_RATA, fee_micro=30_000)

    assert quote.running_seq is None
    assert quote.total == position(account, date(2024, 4, 30)).overdue_total


def test_a_quote_is_stale_once_a_payment_came_in():
    account = replay(TERMS, DUES, [])
    quote = payoff_quote(account, MID_FEBRUARY, AccruedInterest.FULL_PERIOD)

    with pytest.raises(QuoteStale):
        settle(post(account, Payment(MID_FEBRUARY, 1, 5_00)), quote, 2)
    with pytest.raises(AsOfBeforeLastPayment):
        settle(post(account, Payment(date(2024, 2, 16), 1, 5_00)), quote, 2)


@given(
    loans.terms,
    loans.due_lists(),
    loans.payment_lists(),
    st.integers(0, 420),
    st.tuples(st.sampled_from(AccruedInterest), st.sampled_from([0, 30_000])),
)
def test_a_quote_paid_on_its_day_leaves_nothing_owed(terms, dues, payments, days, conditions):
    convention, fee = conditions
    as_of = loans.BEGAN_ON + timedelta(days=days)
    account = replay(terms, dues, [p for p in payments if p.value_on <= as_of])

    quote = payoff_quote(account, as_of, convention, loan_began_on=loans.BEGAN_ON, fee_micro=fee)
    settled = settle(account, quote, payment_id=99)

    later = position(settled, as_of + timedelta(days=1000))
    assert (later.overdue_total, later.outstanding_principal) == (0, 0)
    assert all(state.settled_on is not None for state in settled.states)
    assert sum(a.amount for a in settled.allocations if a.payment_id == 99) == quote.total
    assert quote.accrued_interest >= 0
    assert quote.waived_interest >= 0
