"""What the account page shows: every due, payment and entry, as of any day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from recoup.core.account import DueState, Payment, PaymentAllocation, post
from recoup.core.money import Money
from recoup.interfaces.web.case_page import Standing, standing
from recoup.interfaces.web.schedule_strip import DueFate, fate_of
from recoup.interfaces.web.timeline_words import settled_words
from recoup.modules.contracts import queries as contracts
from recoup.modules.contracts.queries import ContractFile
from recoup.modules.ledger import queries as ledger
from recoup.modules.ledger.queries import EntryRow, PaymentRow

NEWEST = 2**62  # a payment not yet recorded comes after every recorded one of its day


@dataclass(frozen=True, slots=True)
class DueLine:
    """A due on the day asked for; amounts in minor units."""

    state: DueState
    fate: DueFate
    penalty_charged: int
    penalty_open: int

    @property
    def scheduled(self) -> int:
        """Principal, interest and cost as scheduled."""
        return self.state.principal + self.state.interest + self.state.cost

    @property
    def paid(self) -> int:
        """Everything paid on it, penalty included."""
        state = self.state
        return state.principal_paid + state.interest_paid + state.cost_paid + state.penalty_paid

    @property
    def open(self) -> int:
        """Everything open of it on the day, penalty included."""
        state = self.state
        return state.principal_open + state.interest_open + state.cost_open + self.penalty_open


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment, what it settled as the account stood on the day, and its booked entries."""

    row: PaymentRow
    settled: str
    entries: tuple[EntryRow, ...]
    stands: bool

    @property
    def key(self) -> str:
        """The payment's number as text, for ids in the page."""
        return str(self.row.id)


@dataclass(frozen=True, slots=True)
class AccountPage:
    file: ContractFile
    standing: Standing | None
    dues: tuple[DueLine, ...]
    payments: tuple[PaymentLine, ...]
    as_of: date
    business_day: date

    @property
    def is_past(self) -> bool:
        """Whether another day than the business day is shown."""
        return self.as_of != self.business_day


@dataclass(frozen=True, slots=True)
class PaymentPreview:
    """What a payment would settle if it were posted now."""

    amount: Money
    value_on: date
    parts: tuple[PaymentAllocation, ...]
    credit: Money
    overdue_after: Money
    precedes_others: bool


def account_page(*, contract_id: int, as_of: date, business_day: date) -> AccountPage | None:
    """The account as of a day; None if there is no such contract."""
    file = contracts.contract_file(contract_id=contract_id)
    if file is None:
        return None
    now = standing(contract=file.contract, as_of=as_of)
    return AccountPage(
        file=file,
        standing=now,
        dues=_dues(now) if now else (),
        payments=_payments(contract_id, now) if now else (),
        as_of=as_of,
        business_day=business_day,
    )


def payment_preview(
    *, contract_id: int, amount: Money, value_on: date, as_of: date
) -> PaymentPreview:
    """What the payment would settle at its value date. Raises AccountUnknown."""
    then = ledger.loan_account(contract_id=contract_id, as_of=value_on)
    after = post(then, Payment(value_on, NEWEST, amount.minor))
    now = ledger.loan_account(contract_id=contract_id, as_of=as_of)
    rest = sum(r.amount for r in after.unallocated_by_payment if r.payment_id == NEWEST)
    left = sum(
        sum(state.open_by_component(after.terms, value_on).values())
        for state in after.states
        if state.due_on < value_on and state.settled_on is None
    )
    return PaymentPreview(
        amount=amount,
        value_on=value_on,
        parts=tuple(part for part in after.allocations if part.payment_id == NEWEST),
        credit=Money(rest, amount.currency),
        overdue_after=Money(left, amount.currency),
        precedes_others=now.last_value_on is not None and now.last_value_on > value_on,
    )


def _dues(now: Standing) -> tuple[DueLine, ...]:
    terms, day = now.account.terms, now.as_of
    return tuple(
        DueLine(
            state,
            fate_of(state, day),
            max(state.penalty_paid, 0 if state.settled_on else state.penalty_at(terms, day)),
            0 if state.settled_on else state.penalty_open(terms, day),
        )
        for state in now.account.states
    )


def _payments(contract_id: int, now: Standing) -> tuple[PaymentLine, ...]:
    booked = _by_payment(ledger.entries(contract_id=contract_id))
    return tuple(
        PaymentLine(
            row=row,
            settled=settled_words(now.account, row.id),
            entries=tuple(booked[row.id]),
            stands=row.reversed_on is None or row.reversed_on > now.as_of,
        )
        for row in ledger.payments(contract_id=contract_id)
        if row.value_on <= now.as_of
    )


def _by_payment(entries: Sequence[EntryRow]) -> defaultdict[int, list[EntryRow]]:
    grouped = defaultdict[int, list[EntryRow]](list)
    for entry in entries:
        if entry.payment_id is not None:
            grouped[entry.payment_id].append(entry)
    return grouped
