"""The waterfall: in which order one payment settles many open items."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from recoup.core.refusals import Refused


class Component(StrEnum):
    """What an open amount is for."""

    COST = "cost"  # 实现债权的有关费用: towing, court fees …
    PENALTY = "penalty"  # 罚息
    INTEREST = "interest"
    PRINCIPAL = "principal"


class OrderAmbiguous(Refused):
    """Two components share a rank, so that the order of payment is not decided."""

    code = "allocation_order_ambiguous"
    message = "The allocation order %(order)s ranks two components alike."


class OrderUnknown(Refused):
    """No allocation order has this code."""

    code = "allocation_order_unknown"
    message = "There is no allocation order %(order)s."


class PaymentNegative(Refused):
    """A payment is zero or more minor units."""

    code = "payment_negative"
    message = "A payment of %(amount)s minor units cannot be allocated."


@dataclass(frozen=True, slots=True)
class AllocationOrder:
    """The order as data: rank 1 is paid first.

    `by_instalment` pays every component of one due before the next due; otherwise one component
    is paid over all dues, the oldest first, before the next component.
    """

    code: str
    by_instalment: bool
    cost_rank: int
    penalty_rank: int
    interest_rank: int
    principal_rank: int

    def __post_init__(self) -> None:
        if len(set(self.ranks().values())) != len(Component):
            raise OrderAmbiguous(order=self.code)

    def ranks(self) -> dict[Component, int]:
        """The rank of each component."""
        return {
            Component.COST: self.cost_rank,
            Component.PENALTY: self.penalty_rank,
            Component.INTEREST: self.interest_rank,
            Component.PRINCIPAL: self.principal_rank,
        }

    def place(self, seq: int, component: Component) -> tuple[int, int]:
        """The sort key of one open item: smaller is paid earlier."""
        rank = self.ranks()[component]
        return (seq, rank) if self.by_instalment else (rank, seq)


# 民法典 art. 561 (CN-ALLOC-001): costs of realising the debt, then interest, then principal;
# penalty interest is interest and the heavier burden, so it goes first among interest.
CIVIL_CODE_561 = AllocationOrder("CIVIL_CODE_561", False, 1, 2, 3, 4)
# By agreement: the oldest instalment is made good wholly before the next (561 within it).
OLDEST_INSTALMENT_FIRST = AllocationOrder("OLDEST_INSTALMENT_FIRST", True, 1, 2, 3, 4)
# Credit-card style for debts more than 90 days late (CN-ALLOC-003, general knowledge).
PRINCIPAL_FIRST = AllocationOrder("PRINCIPAL_FIRST", False, 2, 3, 4, 1)

ORDERS: dict[str, AllocationOrder] = {
    order.code: order for order in (CIVIL_CODE_561, OLDEST_INSTALMENT_FIRST, PRINCIPAL_FIRST)
}


def order_named(code: str) -> AllocationOrder:
    """The allocation order with this code. Raises OrderUnknown."""
    try:
        return ORDERS[code]
    except KeyError:
        raise OrderUnknown(order=code) from None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open amount (minor units, ≥ 0) of one due; `seq` numbers dues from the oldest."""

    seq: int
    component: Component
    open_minor: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one payment settles of one open item (minor units, > 0)."""

    seq: int
    component: Component
    amount_minor: int


def allocate(
    payment_minor: int, items: Iterable[OpenItem], order: AllocationOrder = CIVIL_CODE_561
) -> tuple[tuple[Allocation, ...], int]:
    """Settle `items` in `order`; return the allocations, in that order, and what is left.

    Nothing is created or lost: allocations + left = payment. Raises PaymentNegative.
    """
    if payment_minor < 0:
        raise PaymentNegative(amount=payment_minor)
    left, allocations = payment_minor, list[Allocation]()
    for item in sorted(items, key=lambda item: order.place(item.seq, item.component)):
        part = min(left, item.open_minor)
        if part > 0:
            allocations.append(Allocation(item.seq, item.component, part))
            left -= part
    return tuple(allocations), left
