"""Questions about accounts: what is due, what came in, what stood on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recoup.core import account as core
from recoup.core.waterfall import order_named
from recoup.foundation import db
from recoup.modules.ledger import models
from recoup.modules.ledger.rules import AccountCode, AccountUnknown


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """A part of a payment and what it settled; `seq` is the due, None for the receipt's rest."""

    seq: int
    account: AccountCode
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as it stands today, with what it settled."""

    id: int
    value_on: date
    amount_minor: int
    currency: str
    channel: str
    reference: str
    received_at: datetime
    recorded_by: int | None
    is_posted: bool
    reversed_on: date | None
    reversal_reason: str
    allocations: tuple[AllocationRow, ...]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The running balances of an account, in minor units."""

    contract_id: int
    currency: str
    principal_open_minor: int
    unallocated_minor: int
    last_payment_on: date | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One booked transfer: `amount_minor` from the credit to the debit account."""

    id: int
    payment_id: int
    seq: int | None
    debit: AccountCode
    credit: AccountCode
    amount_minor: int
    value_on: date
    booked_at: datetime


def account(*, contract_id: int) -> AccountRow:
    """The account's balances. Raises AccountUnknown."""
    row = models.Account.objects.filter(contract_id=contract_id).first()
    if row is None:
        raise AccountUnknown(number=contract_id)
    return AccountRow(
        contract_id,
        row.currency,
        row.principal_open_minor,
        row.unallocated_minor,
        row.last_payment_on,
    )


def loan_account(
    *,
    contract_id: int,
    as_of: date,
    known_by: datetime | None = None,
    terms: Mapping[str, Any] | None = None,
) -> core.Account:
    """The account replayed up to a day, from its facts as known today or before `known_by`.

    `terms` are columns of the account as they stood, instead of those on file now. Raises
    AccountUnknown.
    """
    params = {"contract_id": contract_id, "as_of": as_of, "known_by": known_by}
    rows = db.ask(ACCOUNT, params)
    if not rows:
        raise AccountUnknown(number=contract_id)
    return core.replay(
        _terms(rows[0] | dict(terms or {})), _scheduled(contract_id), _standing(rows[0])
    )


# The terms, and the payments that stand on the day, in one question.
ACCOUNT = """
SELECT a.*, paid.days, paid.ids, paid.amounts
  FROM ledger_account a
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(p.value_on ORDER BY p.id), '{}') AS days,
              coalesce(array_agg(p.id ORDER BY p.id), '{}') AS ids,
              coalesce(array_agg(p.amount_minor ORDER BY p.id), '{}') AS amounts
         FROM ledger_payment p
         LEFT JOIN ledger_reversal v
                ON v.payment_id = p.id
               AND v.received_at < coalesce(%(known_by)s::timestamptz, 'infinity')
        WHERE p.contract_id = a.contract_id
          AND p.value_on <= %(as_of)s
          AND p.received_at < coalesce(%(known_by)s::timestamptz, 'infinity')
          AND (v.payment_id IS NULL OR v.reversed_on > %(as_of)s)) paid
 WHERE a.contract_id = %(contract_id)s
"""


def _terms(row: dict[str, Any]) -> core.Terms:
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


def _standing(row: dict[str, Any]) -> list[core.Payment]:
    receipts = zip(row["days"], row["ids"], row["amounts"], strict=True)
    return [core.Payment(value_on, number, amount) for value_on, number, amount in receipts]


# What a due had been paid when it came to us = what it shows now less what we booked on it.
SCHEDULED = """
SELECT d.seq, d.due_on, d.principal_minor, d.interest_minor, d.cost_minor,
       d.principal_paid_minor - coalesce(b.principal, 0) AS principal_paid,
       d.interest_paid_minor - coalesce(b.interest, 0) AS interest_paid,
       d.cost_paid_minor - coalesce(b.cost, 0) AS cost_paid
  FROM ledger_due d
  LEFT JOIN (SELECT seq,
                    sum(CASE WHEN credit = 6 THEN amount_minor WHEN debit = 6 THEN -amount_minor
                        END)::bigint AS principal,
                    sum(CASE WHEN credit = 5 THEN amount_minor WHEN debit = 5 THEN -amount_minor
                        END)::bigint AS interest,
                    sum(CASE WHEN credit = 3 THEN amount_minor WHEN debit = 3 THEN -amount_minor
                        END)::bigint AS cost
               FROM ledger_entry
              WHERE contract_id = %(contract_id)s
              GROUP BY seq) b ON b.seq = d.seq
 WHERE d.contract_id = %(contract_id)s
 ORDER BY d.seq
"""


def _scheduled(contract_id: int) -> list[core.Due]:
    return [
        core.Due(
            seq=row["seq"],
            due_on=row["due_on"],
            principal=row["principal_minor"],
            interest=row["interest_minor"],
            cost=row["cost_minor"],
            principal_paid=row["principal_paid"],
            interest_paid=row["interest_paid"],
            cost_paid=row["cost_paid"],
        )
        for row in db.ask(SCHEDULED, {"contract_id": contract_id})
    ]


PAYMENTS = """
SELECT p.id, p.value_on, p.amount_minor, p.currency, p.channel, p.reference, p.received_at,
       p.recorded_by, p.posted_at IS NOT NULL AS is_posted,
       v.reversed_on, coalesce(v.reason, '') AS reversal_reason,
       coalesce(e.parts, '{}') AS parts
  FROM (SELECT * FROM ledger_payment WHERE contract_id = %(contract_id)s
         ORDER BY value_on DESC, id DESC LIMIT %(limit)s) p
  LEFT JOIN ledger_reversal v ON v.payment_id = p.id
  LEFT JOIN (SELECT payment_id,
                    array_agg(ARRAY[seq, account, amount] ORDER BY account, seq) AS parts
               FROM (SELECT payment_id, seq, greatest(debit, credit) AS account,
                            sum(CASE WHEN debit = 2 THEN amount_minor ELSE -amount_minor END)
                                AS amount
                       FROM ledger_entry
                      WHERE contract_id = %(contract_id)s AND seq IS NOT NULL
                      GROUP BY 1, 2, 3) net
              WHERE amount <> 0
              GROUP BY payment_id) e ON e.payment_id = p.id
 ORDER BY p.value_on DESC, p.id DESC
"""


def payments(*, contract_id: int, limit: int = 500) -> list[PaymentRow]:
    """The account's payments, latest first, each with what it settled (two or more parts)."""
    rows = db.ask(PAYMENTS, {"contract_id": contract_id, "limit": limit})
    return [
        PaymentRow(
            **{key: value for key, value in row.items() if key != "parts"},
            allocations=tuple(
                AllocationRow(int(seq), AccountCode(int(code)), int(amount))
                for seq, code, amount in row["parts"]
            ),
        )
        for row in rows
    ]


def entries(*, contract_id: int) -> list[EntryRow]:
    """Every entry booked on the account, in the order they were booked."""
    rows = models.Entry.objects.filter(contract_id=contract_id).order_by("id")
    return [
        EntryRow(
            row.id,
            row.payment_id,
            row.seq,
            AccountCode(row.debit),
            AccountCode(row.credit),
            row.amount_minor,
            row.value_on,
            row.booked_at,
        )
        for row in rows
    ]
