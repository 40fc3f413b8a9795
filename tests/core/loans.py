"""Random accounts for the property tests: terms, dues and payments around a leap year's end."""

from datetime import date, timedelta

from hypothesis import strategies as st

from recoup.core.account import Due, Payment, Terms
from recoup.core.waterfall import CIVIL_CODE_561, OLDEST_INSTALMENT_FIRST, PRINCIPAL_FIRST

BEGAN_ON = date(2023, 10, 31)
PAYMENTS_UNTIL = BEGAN_ON + timedelta(days=400)
AMOUNTS = st.integers(0, 500_000)

terms = st.builds(
    Terms,
    currency=st.just("CNY"),
    penalty_rate_micro=st.integers(0, 360_000),
    penalty_day_basis=st.sampled_from([360, 365]),
    penalty_on_interest=st.booleans(),
    grace_days=st.integers(0, 10),
    order=st.sampled_from([CIVIL_CODE_561, OLDEST_INSTALMENT_FIRST, PRINCIPAL_FIRST]),
    penalty_cap_pct=st.none() | st.integers(0, 30),
    tolerance_pct=st.sampled_from([0, 0, 5, 50]),
)


@st.composite
def due_lists(draw: st.DrawFn) -> list[Due]:
    """Up to eight dues, some paid in part before they came to us, some pure costs."""
    days = sorted(draw(st.lists(st.integers(1, 300), min_size=1, max_size=8)))
    return [draw(_due(seq, BEGAN_ON + timedelta(days=day))) for seq, day in enumerate(days, 1)]


@st.composite
def _due(draw: st.DrawFn, seq: int, due_on: date) -> Due:
    principal, interest = draw(AMOUNTS), draw(st.integers(0, 50_000))
    cost = draw(st.sampled_from([0, 0, 0, 30_000]))
    if cost and draw(st.booleans()):
        return Due(seq, due_on, cost=cost)
    paid_share = draw(st.sampled_from([0, 0, 0, 1, 2, 3]))
    return Due(
        seq,
        due_on,
        principal=principal,
        interest=interest,
        cost=cost,
        principal_paid=principal * paid_share // 3,
        interest_paid=interest * paid_share // 3,
    )


@st.composite
def payment_lists(draw: st.DrawFn) -> list[Payment]:
    """Up to eight payments, some on the same day, some early, some too much."""
    days = draw(st.lists(st.integers(1, 400), max_size=8))
    return [
        Payment(BEGAN_ON + timedelta(days=day), number, draw(st.integers(0, 800_000)))
        for number, day in enumerate(days, 1)
    ]
