"""Posting: payments meet dues, in value-date order, and nothing is created or lost."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from recoup.core.account.states import DueState
from recoup.core.account.terms import Due, Payment, Terms
from recoup.core.refusals import Refused
from recoup.core.waterfall import Allocation, Component, OpenItem, allocate

ADVANCE_ORDER = (Component.COST, Component.INTEREST, Component.PRINCIPAL)


class SeqRepeated(Refused):
    """Two dues carry the same number."""

    code = "due_seq_repeated"
    message = "Due number %(seq)s occurs more than once."


class PaymentOutOfOrder(Refused):
    """A payment is older than one already posted; replay the account instead."""

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
class Account:
    """An account after its payments; `last_value_on` is the value date of the last one."""

    terms: Terms
    states: tuple[DueState, ...]
    allocations: tuple[PaymentAllocation, ...] = ()
    unallocated_by_payment: tuple[Unallocated, ...] = ()
    last_value_on: date | None = None

    @property
    def unallocated(self) -> int:
        """All credit to the borrower."""
        return sum(rest.amount for rest in self.unallocated_by_payment)


def replay(terms: Terms, dues: Iterable[Due], payments: Iterable[Payment]) -> Account:
    """The account after `payments`, posted by (value date, id) whatever order they come in.

    A reversed payment is simply not in the list; a back-dated one is, at its value date.
    Raises SeqRepeated.
    """
    states = tuple(DueState.opening(due) for due in sorted(dues, key=lambda due: due.seq))
    for state, following in pairwise(states):
        if state.seq == following.seq:
            raise SeqRepeated(seq=state.seq)
    account = Account(terms, states)
    for payment in sorted(payments):
        account = post(account, payment)
    return account


def post(account: Account, payment: Payment) -> Account:
    """The account after one more payment, not older than the last. Raises PaymentOutOfOrder."""
    last = account.last_value_on
    if last is not None and payment.value_on < last:
        raise PaymentOutOfOrder(value_on=payment.value_on, last_value_on=last)
    due_items = _items_due(account, payment.value_on)
    settled_now, rest = allocate(payment.amount, due_items, account.terms.order)
    in_advance, rest = _allocate_in_advance(account, payment.value_on, rest)
    allocations = settled_now + in_advance
    credit = (Unallocated(payment.id, rest),) if rest else ()
    return replace(
        account,
        states=_states_after(account, allocations, payment.value_on),
        allocations=account.allocations
        + tuple(
            PaymentAllocation(payment.id, part.seq, part.component, part.amount_minor)
            for part in allocations
        ),
        unallocated_by_payment=account.unallocated_by_payment + credit,
        last_value_on=payment.value_on,
    )


def _items_due(account: Account, value_on: date) -> list[OpenItem]:
    """Everything open on dues that have fallen due."""
    return [
        OpenItem(state.seq, component, amount)
        for state in account.states
        if state.settled_on is None and state.due_on <= value_on
        for component, amount in state.open_by_component(account.terms, value_on).items()
        if amount > 0
    ]


def _allocate_in_advance(
    account: Account, value_on: date, left: int
) -> tuple[tuple[Allocation, ...], int]:
    """Money left goes to future dues one after another; they bear no penalty yet."""
    allocations = list[Allocation]()
    future = (s for s in account.states if s.settled_on is None and s.due_on > value_on)
    for state in future:
        if left == 0:
            break
        amounts = state.open_by_component(account.terms, value_on)
        for component in ADVANCE_ORDER:
            part = min(left, amounts[component])
            if part > 0:
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
