"""Fineract's expectations, read and classified: what a fixed schedule and payments can meet.

Whatever the events of an expectation ask beyond that is out of scope, with the reason.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from tests.core.figures import day, records, table

Event = dict[str, Any]

REFUND = "a chargeback or refund rebuilds the schedule"
REBUILT = "rescheduled, re-aged or re-amortised on the way"
CHARGE = "a charge waived, in per cent, or raised by the close of business"
RECALCULATED = "interest recalculated from day to day"
FREE_START = "instalments free of principal or interest at the start"
APPLICATION = "first due counted from the application"
OVERPAID = "overpaid, then paid out again"
LATE_PAY_OUT = "cumulative schedule with a pay-out on or after the first due date"
UNDONE = "a pay-out undone together with payments"
REASONS = {
    "chargeback": REFUND,
    "credit_balance_refund": REFUND,
    "refund": REFUND,
    "reschedule": REBUILT,
    "reage": REBUILT,
    "reamortize": REBUILT,
    "waive_charge": CHARGE,
    "charge_pct": CHARGE,
    "undo_disbursal": UNDONE,
    "undo_last_disbursal": UNDONE,
    "set_repayment_start_date_type": APPLICATION,
}
PRODUCT_REASONS = {"RECALCULATION": RECALCULATED, "OVERDUE_FROM": CHARGE}
LAST, NEXT = "LAST_INSTALLMENT", "NEXT_INSTALLMENT"


@dataclass(frozen=True)
class Case:
    """One expectation with the events that led to it."""

    id: str
    product: str
    as_of: str
    loan: Event
    events: tuple[Event, ...]
    expected: tuple[dict[str, str], ...]

    def named(self, *names: str) -> list[Event]:
        """The events of these names, in order."""
        return [event for event in self.events if event["ev"] in names]

    def disbursements(self) -> list[Event]:
        """The pay-outs that stand."""
        standing = list[Event]()
        for event in self.events:
            if event["ev"] == "disburse":
                standing.append(event)
            elif event["ev"] == "undo_last_disbursal":
                standing.pop()
            elif event["ev"] == "undo_disbursal":
                standing.clear()
        return standing

    def future_rule(self, payment_type: str) -> str:
        """Which instalment money in advance goes to, under advanced allocation."""
        rules = {"GOODWILL_CREDIT": LAST}
        rules |= {event["type"]: event["rule"] for event in self.named("set_future_allocation")}
        return str(rules.get(payment_type, rules.get("DEFAULT", NEXT)))


@cache
def cases(file: str) -> tuple[Case, ...]:
    """The expectations of one file of rows, in its order."""
    traces = {trace["id"]: trace for trace in records("fineract_traces.jsonl")}
    rows = dict[str, list[dict[str, str]]]()
    for row in table(file):
        rows.setdefault(row["case_id"], []).append(row)
    return tuple(_case(case_id, found, traces) for case_id, found in rows.items())


def _case(case_id: str, rows: list[dict[str, str]], traces: dict[str, Any]) -> Case:
    trace_id, line = case_id.split("@")
    events = tuple(
        item for item in traces[trace_id]["items"] if "ev" in item and item["line"] < int(line)
    )
    loan = next(event for event in events if event["ev"] == "create_loan")
    return Case(case_id, loan["product"], rows[0]["as_of"], loan, events, tuple(rows))


def out_of_scope(case: Case) -> str | None:
    """Why this expectation is not ours to meet, None if it is."""
    found = [reason for part, reason in PRODUCT_REASONS.items() if part in case.product]
    if any(case.loan[free] for free in ("grace_principal", "grace_interest", "interest_free")):
        found.append(FREE_START)
    found += [REASONS[event["ev"]] for event in case.events if event["ev"] in REASONS]
    types = {event["type"] for event in case.named("payment")}
    if types & {"MERCHANT_ISSUED_REFUND", "REFUND_BY_CASH"}:
        found.append(REFUND)
    if "REAMORTIZATION" in {case.future_rule(of_type) for of_type in types}:
        found.append(REBUILT)
    return next(iter(found + _pay_out_reasons(case)), None)


def _pay_out_reasons(case: Case) -> list[str]:
    """What several pay-outs ask beyond setting the instalment anew."""
    paid_out, received, found = Decimal(0), Decimal(0), list[str]()
    for event in case.named("disburse", "payment"):
        if event["ev"] == "payment":
            received += event["amount"]
            continue
        if received > paid_out:
            found.append(OVERPAID)
        paid_out += event["amount"]
        received += event["amount"] / 4 if "AUTO" in case.product else 0
    first, *later = case.disbursements() or [case.loan]
    step = 28 if case.loan["every_unit"] == "MONTHS" else case.loan["every"]
    cumulative = case.loan["strategy"] != "ADVANCED_PAYMENT_ALLOCATION"
    if cumulative and any(_days_between(first, event) >= step for event in later):
        found.append(LATE_PAY_OUT)
    return found


def _days_between(first: Event, later: Event) -> int:
    return (day(later["date"]) - day(first["date"])).days
