"""One payment, many open items, an order that is data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.waterfall import (
    CIVIL_CODE_561,
    OLDEST_INSTALMENT_FIRST,
    ORDERS,
    PRINCIPAL_FIRST,
    Allocation,
    AllocationOrder,
    Component,
    OpenItem,
    OrderAmbiguous,
    OrderUnknown,
    PaymentNegative,
    allocate,
    order_named,
)

COST, PENALTY, INTEREST, PRINCIPAL = (
    Component.COST,
    Component.PENALTY,
    Component.INTEREST,
    Component.PRINCIPAL,
)
MARCH_AND_APRIL = [
    OpenItem(2, PRINCIPAL, 300_00),
    OpenItem(2, INTEREST, 38_00),
    OpenItem(1, PRINCIPAL, 290_00),
    OpenItem(1, PENALTY, 2_00),
    OpenItem(1, INTEREST, 40_00),
    OpenItem(1, COST, 10_00),
]


def paid(order: AllocationOrder, minor: int) -> list[tuple[int, str, int]]:
    allocations, left = allocate(minor, MARCH_AND_APRIL, order)
    assert left == 0
    return [(a.seq, a.component.value, a.amount_minor) for a in allocations]


def test_the_civil_code_pays_costs_then_interest_of_all_dues_then_the_oldest_principal():
    assert paid(CIVIL_CODE_561, 100_00) == [
        (1, "cost", 10_00),
        (1, "penalty", 2_00),
        (1, "interest", 40_00),
        (2, "interest", 38_00),
        (1, "principal", 10_00),
    ]


def test_by_instalment_the_oldest_is_made_good_before_the_next():
    assert paid(OLDEST_INSTALMENT_FIRST, 350_00) == [
        (1, "cost", 10_00),
        (1, "penalty", 2_00),
        (1, "interest", 40_00),
        (1, "principal", 290_00),
        (2, "interest", 8_00),
    ]


def test_principal_first_leaves_the_interest_open():
    assert paid(PRINCIPAL_FIRST, 600_00) == [
        (1, "principal", 290_00),
        (2, "principal", 300_00),
        (1, "cost", 10_00),
    ]


def test_what_nothing_is_open_for_is_left():
    assert allocate(5, []) == ((), 5)
    assert allocate(0, MARCH_AND_APRIL) == ((), 0)
    assert allocate(9, [OpenItem(1, COST, 4)]) == ((Allocation(1, COST, 4),), 5)


def test_an_order_is_found_by_its_code_and_the_default_is_the_law():
    assert order_named("CIVIL_CODE_561") is CIVIL_CODE_561
    with pytest.raises(OrderUnknown):
        order_named("ALPHABETICAL")


def test_an_order_that_decides_nothing_and_a_negative_payment_are_refused():
    with pytest.raises(OrderAmbiguous):
        AllocationOrder("TIED", True, 1, 1, 2, 3)
    with pytest.raises(PaymentNegative):
        allocate(-1, MARCH_AND_APRIL)


items = st.lists(
    st.builds(
        OpenItem,
        seq=st.integers(1, 9),
        component=st.sampled_from(Component),
        open_minor=st.integers(0, 10**6),
    ),
    unique_by=lambda item: (item.seq, item.component),
)


@given(st.integers(0, 10**7), items, st.sampled_from(sorted(ORDERS)))
def test_nothing_is_created_or_lost_and_order_of_entry_does_not_matter(amount, items, code):
    order = order_named(code)
    allocations, left = allocate(amount, items, order)

    assert sum(a.amount_minor for a in allocations) + left == amount
    assert left == max(0, amount - sum(item.open_minor for item in items))
    assert allocate(amount, reversed(items), order) == (allocations, left)


@given(st.integers(0, 10**7), st.integers(0, 10**7), items, st.sampled_from(sorted(ORDERS)))
def test_two_payments_settle_what_one_of_their_sum_settles(first, second, items, code):
    order = order_named(code)
    received = dict.fromkeys(((item.seq, item.component) for item in items), 0)
    for amount in (first, second):
        still_open = [
            OpenItem(i.seq, i.component, i.open_minor - received[i.seq, i.component]) for i in items
        ]
        for part in allocate(amount, still_open, order)[0]:
            received[part.seq, part.component] += part.amount_minor

    at_once = {
        (a.seq, a.component): a.amount_minor for a in allocate(first + second, items, order)[0]
    }
    assert {key: value for key, value in received.items() if value} == at_once
