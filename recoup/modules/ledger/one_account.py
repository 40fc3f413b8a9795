"""One account's queue shared out by core: for a long history, or a single posting at the desk.

It stands in the place of the rounds in `posting`: it reads the dues as they stand before the queued
events, and leaves behind what the rounds would leave.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection

from recoup.core import account as core
from recoup.core.waterfall import Component, order_named
from recoup.foundation import db
from recoup.modules.ledger.rules import AccountCode, SourceKind

QUEUED = """
SELECT source_kind, source_id, value_on, amount_minor, settles_from, only_seq, only_account
  FROM ledger_queue
 WHERE contract_id = %s
"""
MARKED = "UPDATE ledger_queue SET by_core = true WHERE contract_id = %s"
DUES = "SELECT * FROM ledger_due WHERE contract_id = %s ORDER BY seq"
ACCOUNT = "SELECT * FROM ledger_account WHERE contract_id = %s"

KEEP_ALLOCATED = """
INSERT INTO ledger_allocated
SELECT n.source_kind, n.source_id, %(contract_id)s, n.value_on, 0, n.seq, n.debit, n.credit,
       n.amount_minor
  FROM unnest(%(kinds)s::smallint[], %(ids)s::bigint[], %(days)s::date[], %(seqs)s::smallint[],
              %(debits)s::smallint[], %(credits)s::smallint[], %(amounts)s::bigint[])
    AS n (source_kind, source_id, value_on, seq, debit, credit, amount_minor)
"""
WRITE_DUES = """
UPDATE ledger_due d
   SET cost_paid_minor = n.cost, penalty_paid_minor = n.penalty, interest_paid_minor = n.interest,
       principal_paid_minor = n.principal, minor_days = n.minor_days, accrued_on = n.accrued_on,
       settled_on = n.settled_on
  FROM unnest(%(seqs)s::smallint[], %(costs)s::bigint[], %(penalties)s::bigint[],
              %(interests)s::bigint[], %(principals)s::bigint[], %(minor_days)s::bigint[],
              %(accrued)s::date[], %(settled)s::date[])
    AS n (seq, cost, penalty, interest, principal, minor_days, accrued_on, settled_on)
 WHERE d.contract_id = %(contract_id)s
   AND d.seq = n.seq
"""

# What an allocation takes from, by what it is.
TAKEN_FROM = {
    core.ReliefKind.WAIVER: AccountCode.WAIVED,
    core.ReliefKind.WRITE_OFF: AccountCode.WRITTEN_OFF,
}
CREDIT = AccountCode.UNALLOCATED
Booking = tuple[SourceKind, int, date, int | None, AccountCode, AccountCode, int]


def share_out(contract_id: int) -> None:
    """Post the account's queue by core; leave allocations and dues as the rounds would."""
    queued = db.ask(QUEUED, [contract_id])
    before = _standing(contract_id)
    after = core.follow(before, map(_event, queued))
    days = {(row["source_kind"], row["source_id"]): row["value_on"] for row in queued}
    with connection.cursor() as cursor:
        cursor.execute(MARKED, [contract_id])
        _keep(cursor, contract_id, list(_bookings(after, days)))
        both = zip(before.states, after.states, strict=True)
        _write(cursor, contract_id, [new for old, new in both if new != old])


def account_terms(row: dict[str, Any]) -> core.Terms:
    """The terms of an account's row."""
    return core.Terms(
        currency=row["currency"],
        penalty_rate_micro=row["penalty_rate_micro"],
        penalty_day_basis=row["penalty_day_basis"],
        penalty_on_interest=row["penalty_on_interest"],
        grace_days=row["grace_days"],
        order=order_named(row["allocation_rule_id"]),
        penalty_cap_pct=row["penalty_cap_pct"],
        tolerance_pct=row["tolerance_pct"],
    )


def _standing(contract_id: int) -> core.Account:
    """The account as its row and dues stand; its credit as if of a payment before all."""
    row = db.ask(ACCOUNT, [contract_id])[0]
    credit = row["unallocated_minor"]
    return core.Account(
        terms=account_terms(row),
        states=tuple(_state(due) for due in db.ask(DUES, [contract_id])),
        unallocated_by_payment=(core.Unallocated(0, credit),) if credit else (),
    )


def _state(due: dict[str, Any]) -> core.DueState:
    return core.DueState(
        seq=due["seq"],
        due_on=due["due_on"],
        principal=due["principal_minor"],
        interest=due["interest_minor"],
        cost=due["cost_minor"],
        principal_paid=due["principal_paid_minor"],
        interest_paid=due["interest_paid_minor"],
        cost_paid=due["cost_paid_minor"],
        accrued_on=due["accrued_on"],
        settled_on=due["settled_on"],
        penalty_paid=due["penalty_paid_minor"],
        minor_days=due["minor_days"],
    )


def _event(row: dict[str, Any]) -> core.Event:
    said = row["value_on"], row["source_id"], row["amount_minor"]
    if row["source_kind"] == SourceKind.PAYMENT:
        return core.Payment(*said)
    if row["settles_from"] is None:
        return core.Refund(*said)
    is_waiver = row["settles_from"] == AccountCode.WAIVED
    kind = core.ReliefKind.WAIVER if is_waiver else core.ReliefKind.WRITE_OFF
    bound = row["only_account"]
    component = Component[AccountCode(bound).name] if bound else None
    return core.Relief(*said, kind, component, row["only_seq"])


def _bookings(after: core.Account, days: dict[tuple[int, int], date]) -> Iterator[Booking]:
    """What settled which due, and what was given back, as entries want it."""
    for part in after.allocations:
        number = part.payment_id
        day = days[SourceKind.PAYMENT, number]
        to = AccountCode[part.component.name]
        yield SourceKind.PAYMENT, number, day, part.seq, CREDIT, to, part.amount
    for let_go in after.reliefs:
        number = let_go.adjustment_id
        day = days[SourceKind.ADJUSTMENT, number]
        taken_from, to = TAKEN_FROM[let_go.kind], AccountCode[let_go.component.name]
        yield SourceKind.ADJUSTMENT, number, day, let_go.seq, taken_from, to, let_go.amount
    for refund in after.refunds:
        number = refund.adjustment_id
        day = days[SourceKind.ADJUSTMENT, number]
        for taken_from, minor in (
            (CREDIT, refund.amount),
            (AccountCode.REFUND_SHORT, refund.short),
        ):
            if minor:
                to = AccountCode.REFUND_DUE
                yield SourceKind.ADJUSTMENT, number, day, None, taken_from, to, minor


def _keep(cursor: Any, contract_id: int, bookings: list[Booking]) -> None:
    if not bookings:
        return
    names = ("kinds", "ids", "days", "seqs", "debits", "credits", "amounts")
    plain = ([int(v) if isinstance(v, int) else v for v in booking] for booking in bookings)
    columns = [list(column) for column in zip(*plain, strict=True)]
    cursor.execute(
        KEEP_ALLOCATED, {"contract_id": contract_id, **dict(zip(names, columns, strict=True))}
    )


def _write(cursor: Any, contract_id: int, states: list[core.DueState]) -> None:
    if not states:
        return
    cursor.execute(
        WRITE_DUES,
        {
            "contract_id": contract_id,
            "seqs": [state.seq for state in states],
            "costs": [state.cost_paid for state in states],
            "penalties": [state.penalty_paid for state in states],
            "interests": [state.interest_paid for state in states],
            "principals": [state.principal_paid for state in states],
            "minor_days": [state.minor_days for state in states],
            "accrued": [state.accrued_on for state in states],
            "settled": [state.settled_on for state in states],
        },
    )
