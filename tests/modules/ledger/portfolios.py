"""Random portfolios for property tests: odd terms, and a history that arrives late."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from recoup.core.account import Adjustment, Due, Payment, Refund, Relief, ReliefKind, Terms
from recoup.core.waterfall import ORDERS, Component
from recoup.modules.ledger.rules import AdjustmentKind, Part

# Month ends, a leap day and a year end are always among the first due dates.
ODD_DAYS = [date(2024, 1, 31), date(2024, 2, 29), date(2023, 12, 31), date(2023, 2, 28)]


@dataclass(frozen=True)
class Received:
    """A payment: what it is, on which night we learned of it, and the night it was reversed."""

    value_on: date
    amount: int
    known_on: date
    reversed_on: date | None


@dataclass(frozen=True)
class Adjusted:
    """A waiver, write-off or refund, more than is open or not; nights as of a receipt."""

    kind: AdjustmentKind
    value_on: date
    amount: int
    part: Part | None
    seq: int | None
    known_on: date
    reversed_on: date | None

    def numbered(self, number: int) -> Adjustment:
        """As core knows it."""
        if self.kind is AdjustmentKind.REFUND:
            return Refund(self.value_on, number, self.amount)
        part = Component[self.part] if self.part else None
        kind = ReliefKind(self.kind)
        return Relief(self.value_on, number, self.amount, kind, part, self.seq)


@dataclass(frozen=True)
class History:
    """One account's terms, dues, receipts and adjustments."""

    terms: Terms
    dues: tuple[Due, ...]
    received: tuple[Received, ...]
    adjusted: tuple[Adjusted, ...] = ()

    def adjusting(self, as_of: date, ids: list[int]) -> list[Adjustment]:
        """The adjustments that stand on a night."""
        return [
            made.numbered(number)
            for made, number in zip(self.adjusted, ids, strict=False)
            if made.known_on <= as_of
            and made.value_on <= as_of
            and (made.reversed_on is None or made.reversed_on > as_of)
        ]

    def standing(self, as_of: date, ids: list[int]) -> list[Payment]:
        """The payments that stand on a night, numbered as the database numbered them."""
        return [
            Payment(receipt.value_on, number, receipt.amount)
            for receipt, number in zip(self.received, ids, strict=False)
            if receipt.known_on <= as_of
            and receipt.value_on <= as_of
            and (receipt.reversed_on is None or receipt.reversed_on > as_of)
        ]


terms = st.builds(
    Terms,
    currency=st.sampled_from(["CNY", "USD", "JPY"]),
    penalty_rate_micro=st.sampled_from([0, 109_200, 126_000, 240_000, 999_999]),
    penalty_day_basis=st.sampled_from([360, 365]),
    penalty_on_interest=st.booleans(),
    grace_days=st.sampled_from([0, 1, 3, 15]),
    order=st.sampled_from(list(ORDERS.values())),
    penalty_cap_pct=st.sampled_from([None, 1, 30]),
    tolerance_pct=st.sampled_from([0, 0, 10]),
)
amounts = st.integers(min_value=0, max_value=3_000_00)


@st.composite
def dues_of(draw: st.DrawFn) -> tuple[Due, ...]:
    """One to six dues a month or so apart; some with costs, some partly paid when they came."""
    due_on = draw(st.sampled_from(ODD_DAYS) | st.dates(date(2023, 1, 1), date(2024, 3, 1)))
    dues = []
    for seq in range(1, draw(st.integers(1, 6)) + 1):
        principal, interest = draw(amounts), draw(amounts)
        cost = draw(st.sampled_from([0, 0, 0, 500_00]))
        share = draw(st.sampled_from([0, 0, 0, 0, 50, 100]))
        dues.append(
            Due(
                seq=seq,
                due_on=due_on,
                principal=principal,
                interest=interest,
                cost=cost,
                principal_paid=principal * share // 100,
                interest_paid=interest * share // 100,
            )
        )
        due_on += timedelta(days=draw(st.sampled_from([28, 30, 31])))
    return tuple(dues)


few = st.sampled_from([0, 0, 1, 2, 4])


@st.composite
def adjustments_of(draw: st.DrawFn, start: date, dues: int) -> Adjusted:
    """A waiver, write-off or refund of any size, bound to a part or a due or to none."""
    kind = draw(st.sampled_from(list(AdjustmentKind)))
    value_on = start + timedelta(days=draw(st.integers(0, 240)))
    known_on = value_on + timedelta(days=draw(st.sampled_from([0, 0, 3, 40])))
    undone = draw(st.sampled_from([None, None, 0, 30]))
    is_refund = kind is AdjustmentKind.REFUND
    return Adjusted(
        kind=kind,
        value_on=value_on,
        amount=draw(st.integers(1, 3_000_00)),
        part=None if is_refund else draw(st.sampled_from([None, *Part])),
        seq=None if is_refund else draw(st.sampled_from([None, None, *range(1, dues + 1)])),
        known_on=known_on,
        reversed_on=None if undone is None else known_on + timedelta(days=undone),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """An account with up to eight receipts and four adjustments; some late, some reversed."""
    dues = draw(dues_of())
    start = dues[0].due_on - timedelta(days=20)
    received = []
    for _ in range(draw(st.integers(0, 8))):
        value_on = start + timedelta(days=draw(st.integers(0, 240)))
        known_on = value_on + timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 9, 70])))
        bounced = draw(st.sampled_from([None, None, None, 0, 5, 60]))
        received.append(
            Received(
                value_on=value_on,
                amount=draw(st.integers(1, 5_000_00)),
                known_on=known_on,
                reversed_on=None if bounced is None else known_on + timedelta(days=bounced),
            )
        )
    adjusted = tuple(draw(adjustments_of(start, len(dues))) for _ in range(draw(few)))
    return History(draw(terms), dues, tuple(received), adjusted)
