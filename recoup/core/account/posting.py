"""Posting: payments and adjustments meet dues, in value-date order; nothing is created or lost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from recoup.core.account.states import DueState
from recoup.core.account.terms import (
    Adjustment,
    Due,
    Event,
    Payment,
    Refund,
    Relief,
    ReliefKind,
    Terms,
    place,
)
from recoup.core.refusals import Refused
from recoup.core.waterfall import Allocation, Component, OpenItem, allocate

Covers = Callable[[int, Component], bool]
ADVANCE_ORDER = (Component.COST, Component.INTEREST, Component.PRINCIPAL)


class SeqRepeated(Refused):
    """Two dues carry the same number."""

    code = "due_seq_repeated"
    message = "Due number %(seq)s occurs more than once."


class PaymentOutOfOrder(Refused):
    """An event is older than one already posted; replay the account instead."""

    code = "payment_out_of_order"
    message = "A payment of %(value_on)s cannot follow one of %(last_value_on)s; replay."


@dataclass(frozen=True, slots=True)
class PaymentAllocation:
    """What one payment settled of one component of one due (> 0)."""

    payment_id: int
    seq: int
    component: Component
    amount: int


@dataclass(frozen=True, slots=True)
class Unallocated:
    """What was left of one payment (> 0): a credit to the borrower, not applied again."""

    payment_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class ReliefAllocation:
    """What one waiver or write-off settled of one component of one due (> 0)."""

    adjustment_id: int
    kind: ReliefKind
    seq: int
    component: Component
    amount: int


@dataclass(frozen=True, slots=True)
class Refunded:
    """What one refund took of the borrower's credit; `short` was given back without credit.

    A refund is `short` only when a payment that made the credit turned out not to stand.
    """

    adjustment_id: int
    amount: int
    short: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account after its history; `last_value_on` is the value date of the last event."""

    terms: Terms
    states: tuple[DueState, ...]
    allocations: tuple[PaymentAllocation, ...] = ()
    unallocated_by_payment: tuple[Unallocated, ...] = ()
    last_value_on: date | None = None
    reliefs: tuple[ReliefAllocation, ...] = ()
    refunds: tuple[Refunded, ...] = ()

    @property
    def unallocated(self) -> int:
        """All credit to the borrower that was not given back."""
        left = sum(rest.amount for rest in self.unallocated_by_payment)
        return left - sum(refund.amount for refund in self.refunds)


def replay(
    terms: Terms,
    dues: Iterable[Due],
    payments: Iterable[Payment],
    adjustments: Iterable[Adjustment] = (),
) -> Account:
    """The account after its history, in the order of `place` whatever order it comes in.

    A reversed event is simply not in the lists; a back-dated one is, at its value date.
    Raises SeqRepeated.
    """
    states = tuple(DueState.opening(due) for due in sorted(dues, key=lambda due: due.seq))
    for state, following in pairwise(states):
        if state.seq == following.seq:
            raise SeqRepeated(seq=state.seq)
    return follow(Account(terms, states), (*payments, *adjustments))


def follow(account: Account, events: Iterable[Event]) -> Account:
    """The account after more events, none older than its last. Raises PaymentOutOfOrder."""
    for event in sorted(events, key=place):
        if isinstance(event, Payment):
            account = post(account, event)
        elif isinstance(event, Relief):
            account = relieve(account, event)
        else:
            account = give_back(account, event)
    return account


def post(account: Account, payment: Payment) -> Account:
    """The account after one more payment, not older than the last. Raises PaymentOutOfOrder."""
    _refuse_out_of_order(account, payment)
    allocations, rest = _share_out(account, payment, lambda *_: True)
    credit = (Unallocated(payment.id, rest),) if rest else ()
    settled = tuple(
        PaymentAllocation(payment.id, part.seq, part.component, part.amount_minor)
        for part in allocations
    )
    return replace(
        account,
        states=_states_after(account, allocations, payment.value_on),
        allocations=account.allocations + settled,
        unallocated_by_payment=account.unallocated_by_payment + credit,
        last_value_on=payment.value_on,
    )


def relieve(account: Account, relief: Relief) -> Account:
    """The account after something is let go of; what is not open lapses.

    Raises PaymentOutOfOrder.
    """
    _refuse_out_of_order(account, relief)
    allocations, _ = _share_out(account, relief, relief.covers)
    settled = tuple(
        ReliefAllocation(relief.id, relief.kind, part.seq, part.component, part.amount_minor)
        for part in allocations
    )
    return replace(
        account,
        states=_states_after(account, allocations, relief.value_on),
        reliefs=account.reliefs + settled,
        last_value_on=relief.value_on,
    )


def give_back(account: Account, refund: Refund) -> Account:
    """The account after a refund: out of the credit, as far as there is any.

    Raises PaymentOutOfOrder.
    """
    _refuse_out_of_order(account, refund)
    taken = min(refund.amount, account.unallocated)
    made = Refunded(refund.id, taken, refund.amount - taken)
    return replace(account, refunds=(*account.refunds, made), last_value_on=refund.value_on)


def _refuse_out_of_order(account: Account, event: Event) -> None:
    last = account.last_value_on
    if last is not None and event.value_on < last:
        raise PaymentOutOfOrder(value_on=event.value_on, last_value_on=last)


def _share_out(
    account: Account, event: Payment | Relief, covers: Covers
) -> tuple[tuple[Allocation, ...], int]:
    """Over what is due in the account's order, then in advance; and what is left."""
    due_items = _items_due(account, event.value_on, covers)
    settled_now, rest = allocate(event.amount, due_items, account.terms.order)
    in_advance, rest = _allocate_in_advance(account, event.value_on, rest, covers)
    return settled_now + in_advance, rest


def _items_due(account: Account, value_on: date, covers: Covers) -> list[OpenItem]:
    """Everything open on dues that have fallen due, as far as it may be settled."""
    return [
        OpenItem(state.seq, component, amount)
        for state in account.states
        if state.settled_on is None and state.due_on <= value_on
        for component, amount in state.open_by_component(account.terms, value_on).items()
        if amount > 0 and covers(state.seq, component)
    ]


def _allocate_in_advance(
    account: Account, value_on: date, left: int, covers: Covers
) -> tuple[tuple[Allocation, ...], int]:
    """What is left goes to future dues one after another; they bear no penalty yet."""
    allocations = list[Allocation]()
    future = (s for s in account.states if s.settled_on is None and s.due_on > value_on)
    for state in future:
        if left == 0:
            break
        amounts = state.open_by_component(account.terms, value_on)
        for component in ADVANCE_ORDER:
            part = min(left, amounts[component])
            if part > 0 and covers(state.seq, component):
                allocations.append(Allocation(state.seq, component, part))
                left -= part
    return tuple(allocations), left


def _states_after(
    account: Account, allocations: Iterable[Allocation], value_on: date
) -> tuple[DueState, ...]:
    """The states with what each received; a due that received nothing stays untouched."""
    received = dict[int, dict[Component, int]]()
    for part in allocations:
        received.setdefault(part.seq, {})[part.component] = part.amount_minor
    return tuple(
        state.receive(account.terms, received[state.seq], value_on)
        if state.seq in received
        else state
        for state in account.states
    )
