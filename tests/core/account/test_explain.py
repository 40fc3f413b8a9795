"""Every cent of the arrears can be told from the contract and the calendar."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given

from recoup.core.account import Due, Payment, Segment, Terms, explain, replay
from recoup.core.penalty import penalty_minor
from tests.core import loans

TERMS = Terms("CNY", 126_000, penalty_on_interest=True)
JANUARY = Due(1, date(2024, 1, 31), principal=1000_00, interest=50_00)


def test_a_part_payment_splits_the_penalty_days_into_two_stretches():
    paid = Payment(date(2024, 2, 29), 1, 500_00)
    (due,) = explain(replay(TERMS, [JANUARY], [paid]), date(2024, 3, 31)).dues

    assert due.segments == (
        Segment(date(2024, 1, 31), date(2024, 2, 29), 1050_00),
        Segment(date(2024, 2, 29), date(2024, 3, 31), 560_66),
    )
    assert [(s.days, s.minor_days) for s in due.segments] == [(29, 3045000), (31, 1738046)]
    assert due.minor_days == 3045000 + 1738046
    assert due.penalty_charged == penalty_minor(4783046, 126_000, 360) == 16_74
    assert (due.penalty_paid, due.penalty_open) == (10_66, 6_08)
    assert due.total == 560_66 + 6_08


def test_in_grace_the_stretches_are_known_but_nothing_is_charged():
    in_grace = replace(TERMS, grace_days=5)
    (due,) = explain(replay(in_grace, [JANUARY], []), date(2024, 2, 5)).dues

    assert (due.in_grace, due.minor_days, due.penalty_charged) == (True, 5 * 1050_00, 0)


def test_a_cap_is_named_where_it_holds_the_penalty_down():
    capped = replace(TERMS, penalty_cap_pct=1)
    (due,) = explain(replay(capped, [JANUARY], []), date(2024, 12, 31)).dues

    assert (due.penalty_cap, due.penalty_charged) == (10_50, 10_50)


@given(loans.terms, loans.due_lists(), loans.payment_lists())
def test_stretches_follow_one_another_and_make_the_penalty(terms, dues, payments):
    as_of = loans.PAYMENTS_UNTIL + timedelta(days=30)

    for due in explain(replay(terms, dues, payments), as_of).dues:
        assert due.minor_days == sum(segment.minor_days for segment in due.segments)
        assert all(segment.days > 0 and segment.base > 0 for segment in due.segments)
        assert all(a.to_on <= b.from_on and a.base >= b.base for a, b in pairwise(due.segments))
        if due.segments and not due.penalty_paid:
            assert due.segments[0].from_on == due.due_on
        grown = penalty_minor(due.minor_days, terms.penalty_rate_micro, terms.penalty_day_basis)
        limit = grown if due.penalty_cap is None else min(grown, due.penalty_cap)
        assert due.penalty_charged == (0 if due.in_grace else limit)
