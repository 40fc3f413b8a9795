"""Questions about accounts: what is due, what came in, what stood on any day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recoup.core import account as core
from recoup.core.waterfall import Component
from recoup.foundation import db
from recoup.modules.ledger import models
from recoup.modules.ledger.one_account import account_terms
from recoup.modules.ledger.rules import (
    AccountCode,
    AccountUnknown,
    AdjustmentKind,
    ReceiptState,
    ReceiptUnknown,
    SourceKind,
    receipt_state,
)


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
    source_kind: SourceKind
    source_id: int
    seq: int | None
    debit: AccountCode
    credit: AccountCode
    amount_minor: int
    value_on: date
    booked_at: datetime

    @property
    def payment_id(self) -> int | None:
        """The payment it is of, None for another source."""
        return self.source_id if self.source_kind is SourceKind.PAYMENT else None


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """A waiver, write-off or refund as it stands today; `applied_minor` of it found its aim."""

    id: int
    kind: AdjustmentKind
    value_on: date
    amount_minor: int
    applied_minor: int
    part: str
    seq: int | None
    reason: str
    request_id: int
    maker_id: int | None
    received_at: datetime
    reversed_on: date | None
    reversal_reason: str


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """What of a receipt was paid onto a contract."""

    payment_id: int
    contract_id: int
    amount_minor: int
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Money in, and what became of it; `cash_number` is the number of a cash receipt in its year.

    `open_minor` is neither placed nor returned; `payer` is masked.
    """

    id: int
    lender_id: int
    value_on: date
    amount_minor: int
    currency: str
    channel: str
    source: str
    reference: str
    payer: str
    cash_year: int | None
    cash_number: int | None
    received_at: datetime
    recorded_by: int | None
    open_minor: int
    returned_minor: int
    placements: tuple[PlacementRow, ...]

    @property
    def state(self) -> ReceiptState:
        """Open, placed or returned, by its amounts."""
        return receipt_state(self.amount_minor, self.open_minor, self.returned_minor)


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
    row = rows[0] | dict(terms or {})
    adjustments = map(_adjustment, json.loads(row["adjustments"]))
    return core.replay(account_terms(row), _scheduled(contract_id), _standing(row), adjustments)


# The terms, and what stands on the day, in one question.
ACCOUNT = """
SELECT a.*, paid.days, paid.ids, paid.amounts, adjusted.adjustments
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
 CROSS JOIN LATERAL (
       SELECT coalesce(jsonb_agg(jsonb_build_object(
                  'id', j.id, 'kind', j.kind, 'value_on', j.value_on, 'amount', j.amount_minor,
                  'part', j.part, 'seq', j.seq)), '[]') AS adjustments
         FROM ledger_adjustment j
         LEFT JOIN ledger_adjustmentreversal v
                ON v.adjustment_id = j.id
               AND v.received_at < coalesce(%(known_by)s::timestamptz, 'infinity')
        WHERE j.contract_id = a.contract_id
          AND j.value_on <= %(as_of)s
          AND j.received_at < coalesce(%(known_by)s::timestamptz, 'infinity')
          AND (v.adjustment_id IS NULL OR v.reversed_on > %(as_of)s)) adjusted
 WHERE a.contract_id = %(contract_id)s
"""


def _standing(row: dict[str, Any]) -> list[core.Payment]:
    receipts = zip(row["days"], row["ids"], row["amounts"], strict=True)
    return [core.Payment(value_on, number, amount) for value_on, number, amount in receipts]


def _adjustment(said: dict[str, Any]) -> core.Adjustment:
    value_on = date.fromisoformat(said["value_on"])
    if said["kind"] == AdjustmentKind.REFUND:
        return core.Refund(value_on, said["id"], said["amount"])
    return core.Relief(
        value_on,
        said["id"],
        said["amount"],
        core.ReliefKind(said["kind"]),
        Component[said["part"]] if said["part"] else None,
        said["seq"],
    )


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
  LEFT JOIN (SELECT source_id,
                    array_agg(ARRAY[seq, account, amount] ORDER BY account, seq) AS parts
               FROM (SELECT source_id, seq, greatest(debit, credit) AS account,
                            sum(CASE WHEN debit = 2 THEN amount_minor ELSE -amount_minor END)
                                AS amount
                       FROM ledger_entry
                      WHERE contract_id = %(contract_id)s AND seq IS NOT NULL AND source_kind = 1
                      GROUP BY 1, 2, 3) net
              WHERE amount <> 0
              GROUP BY source_id) e ON e.source_id = p.id
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
            SourceKind(row.source_kind),
            row.source_id,
            row.seq,
            AccountCode(row.debit),
            AccountCode(row.credit),
            row.amount_minor,
            row.value_on,
            row.booked_at,
        )
        for row in rows
    ]


ADJUSTMENTS = """
SELECT j.id, j.kind, j.value_on, j.amount_minor, j.part, j.seq, j.reason, j.request_id, j.maker_id,
       j.received_at, v.reversed_on, coalesce(v.reason, '') AS reversal_reason,
       coalesce((SELECT sum(CASE WHEN e.debit IN (2, 7, 8) THEN e.amount_minor
                                 WHEN e.credit IN (2, 7, 8) THEN -e.amount_minor ELSE 0 END)
                   FROM ledger_entry e
                  WHERE e.contract_id = j.contract_id
                    AND e.source_kind = 2
                    AND e.source_id = j.id), 0)::bigint AS applied_minor
  FROM ledger_adjustment j
  LEFT JOIN ledger_adjustmentreversal v ON v.adjustment_id = j.id
 WHERE j.contract_id = %(contract_id)s
 ORDER BY j.value_on DESC, j.id DESC
"""


def adjustments(*, contract_id: int) -> list[AdjustmentRow]:
    """The account's waivers, write-offs and refunds, latest first."""
    rows = db.ask(ADJUSTMENTS, {"contract_id": contract_id})
    return [AdjustmentRow(**row | {"kind": AdjustmentKind(row["kind"])}) for row in rows]


RECEIPTS = """
SELECT r.id, r.lender_id, r.value_on, r.amount_minor, r.currency, r.channel, r.source, r.reference,
       r.payer_masked AS payer, r.cash_year, r.cash_number, r.received_at, r.recorded_by,
       r.open_minor,
       coalesce((SELECT sum(b.amount_minor) FROM ledger_return b WHERE b.receipt_id = r.id),
                0)::bigint AS returned_minor,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(p.id, p.contract_id, p.amount_minor,
                                                    v.payment_id IS NOT NULL) ORDER BY p.id), '[]')
          FROM ledger_payment p
          LEFT JOIN ledger_reversal v ON v.payment_id = p.id
         WHERE p.receipt_id = r.id) AS placements
  FROM ledger_receipt r
 WHERE (%(receipt_id)s::bigint IS NULL OR r.id = %(receipt_id)s)
   AND (%(lender_id)s::bigint IS NULL OR r.lender_id = %(lender_id)s)
   AND (%(receipt_id)s::bigint IS NOT NULL OR r.open_minor > 0)
 ORDER BY r.value_on, r.id
 LIMIT %(limit)s
"""


def receipt(*, receipt_id: int) -> ReceiptRow:
    """One receipt and what became of it. Raises ReceiptUnknown."""
    found = _receipts(receipt_id=receipt_id, lender_id=None, limit=1)
    if not found:
        raise ReceiptUnknown(number=receipt_id)
    return found[0]


def open_receipts(*, lender_id: int | None = None, limit: int = 500) -> list[ReceiptRow]:
    """Money that is not yet placed or returned, oldest first."""
    return _receipts(receipt_id=None, lender_id=lender_id, limit=limit)


def _receipts(*, receipt_id: int | None, lender_id: int | None, limit: int) -> list[ReceiptRow]:
    asked = {"receipt_id": receipt_id, "lender_id": lender_id, "limit": limit}
    return [
        ReceiptRow(**row | {"placements": _placements(row["placements"])})
        for row in db.ask(RECEIPTS, asked)
    ]


def _placements(said: str) -> tuple[PlacementRow, ...]:
    return tuple(PlacementRow(*placed) for placed in json.loads(said))


# Debits less credits of each account over all of a lender's contracts and its own entries.
CLIENT_MONEY = """
SELECT account, sum(minor)::bigint AS minor
  FROM (SELECT e.debit, e.credit, e.amount_minor
          FROM ledger_entry e
          JOIN ledger_account a ON a.contract_id = e.contract_id
         WHERE a.lender_id = %(lender_id)s AND a.currency = %(currency)s
           AND e.value_on <= %(as_of)s
           AND e.booked_at < coalesce(%(known_by)s::timestamptz, 'infinity')
        UNION ALL
        SELECT e.debit, e.credit, e.amount_minor
          FROM ledger_entry e
          LEFT JOIN ledger_receipt r ON e.source_kind = 3 AND r.id = e.source_id
          LEFT JOIN ledger_return b ON e.source_kind = 4 AND b.id = e.source_id
          LEFT JOIN ledger_receipt o ON o.id = b.receipt_id
          LEFT JOIN ledger_remittance m ON e.source_kind IN (5, 6) AND m.id = e.source_id
         WHERE e.lender_id = %(lender_id)s
           AND coalesce(r.currency, o.currency, m.currency) = %(currency)s
           AND e.value_on <= %(as_of)s
           AND e.booked_at < coalesce(%(known_by)s::timestamptz, 'infinity')) booked
 CROSS JOIN LATERAL (VALUES (debit, amount_minor), (credit, -amount_minor)) side (account, minor)
 GROUP BY account
"""


def client_money(
    *, lender_id: int, currency: str, as_of: date, known_by: datetime | None = None
) -> dict[AccountCode, int]:
    """A lender's balances by account (debits less credits) at the end of a day, in minor units.

    They sum to zero. What lies at BANK and in CASH_BOX is what is owed: to payers (SUSPENSE,
    UNALLOCATED, REFUND_DUE, less REFUND_SHORT) and to the lender (what settled dues, less REMITTED
    and fees). By the entries: a reversed payment does not count from its first day on.
    """
    asked = {"lender_id": lender_id, "currency": currency, "as_of": as_of, "known_by": known_by}
    balances = dict.fromkeys(AccountCode, 0)
    for row in db.ask(CLIENT_MONEY, asked):
        balances[AccountCode(row["account"])] = row["minor"]
    return balances
