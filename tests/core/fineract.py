"""Fineract's expected schedules, met by our schedule methods and our waterfall.

Each expectation is classified first: what its events ask beyond a fixed schedule and payments is
out of scope, with the reason. The rest is replayed here, product conventions being options.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from recoup.core.calendar import DayCount, every_days, every_months
from recoup.core.rounding import Rounding, round_to_multiple
from recoup.core.schedule import ScheduleTerms, equal_instalment, equal_principal, flat
from recoup.core.waterfall import AllocationOrder, Component, OpenItem, allocate
from tests.core.figures import day, micro, minor, records, table

COST, PENALTY, INTEREST, PRINCIPAL = (
    Component.COST,
    Component.PENALTY,
    Component.INTEREST,
    Component.PRINCIPAL,
)
Event = dict[str, Any]

# Which ranks pay dues that have fallen due, and which pay future dues (fee is our cost).
BY_DUE = AllocationOrder("penalty, fee, interest, principal", True, 2, 1, 3, 4)
STRATEGIES = {
    "PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER": (BY_DUE, BY_DUE),
    "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST": (
        BY_DUE,
        AllocationOrder("principal, penalty, fee, interest", True, 3, 2, 4, 1),
    ),
    "DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PENALTY_INTEREST_PRINCIPAL_FEE": (
        AllocationOrder("penalty, interest, principal, fee", True, 4, 1, 2, 3),
        AllocationOrder("penalty, interest, principal, fee", True, 4, 1, 2, 3),
    ),
    "ADVANCED_PAYMENT_ALLOCATION": (  # past due, due and future alike, one after another
        AllocationOrder("penalty, fee, principal, interest", True, 2, 1, 4, 3),
        AllocationOrder("penalty, fee, principal, interest", True, 2, 1, 4, 3),
    ),
}
ADVANCED = "ADVANCED_PAYMENT_ALLOCATION"
LAST, NEXT = "LAST_INSTALLMENT", "NEXT_INSTALLMENT"
REFUND = "a chargeback or refund rebuilds the schedule"
REBUILT = "rescheduled, re-aged or re-amortised on the way"
CHARGE = "a charge waived, in per cent, or raised by the close of business"
SEVERAL = "several or undone disbursements"
REASONS = {
    "chargeback": REFUND,
    "credit_balance_refund": REFUND,
    "refund": REFUND,
    "reschedule": REBUILT,
    "reage": REBUILT,
    "reamortize": REBUILT,
    "waive_charge": CHARGE,
    "charge_pct": CHARGE,
    "charge_off": "charged off on the way",
    "undo_disbursal": SEVERAL,
    "undo_last_disbursal": SEVERAL,
    "set_repayment_start_date_type": "first due counted from the application",
}


@dataclass
class Row:
    """One row of an expected schedule, amounts in minor units."""

    due: date
    principal: int
    interest: int
    cost: int = 0
    penalty: int = 0
    paid: dict[Component, int] = field(default_factory=lambda: dict.fromkeys(Component, 0))
    in_advance: int = 0
    late: int = 0

    def scheduled(self) -> dict[Component, int]:
        """What was due, by component."""
        return {
            COST: self.cost,
            PENALTY: self.penalty,
            INTEREST: self.interest,
            PRINCIPAL: self.principal,
        }

    def open_items(self, seq: int) -> list[OpenItem]:
        """What is open, as the waterfall takes it."""
        return [OpenItem(seq, c, due - self.paid[c]) for c, due in self.scheduled().items()]


@dataclass(frozen=True)
class Case:
    """One expected schedule with the events that led to it."""

    id: str
    category: str
    product: str
    loan: Event
    events: tuple[Event, ...]
    expected: tuple[dict[str, str], ...]

    def named(self, *names: str) -> list[Event]:
        """The events of these names, in order."""
        return [event for event in self.events if event["ev"] in names]


@cache
def cases() -> tuple[Case, ...]:
    """All schedule expectations."""
    traces = {trace["id"]: trace for trace in records("fineract_traces.jsonl")}
    rows = dict[str, list[dict[str, str]]]()
    for row in table("fineract_schedule_rows.csv"):
        rows.setdefault(row["case_id"], []).append(row)
    return tuple(_case(case_id, found, traces) for case_id, found in rows.items())


def _case(case_id: str, rows: list[dict[str, str]], traces: dict[str, Any]) -> Case:
    trace_id, line = case_id.split("@")
    events = tuple(
        item for item in traces[trace_id]["items"] if "ev" in item and item["line"] < int(line)
    )
    loan = next(event for event in events if event["ev"] == "create_loan")
    instalments = tuple(row for row in rows if row["nr"])
    return Case(case_id, rows[0]["category"], loan["product"], loan, events, instalments)


def out_of_scope(case: Case) -> str | None:
    """Why this expectation is not ours to meet, None if it is."""
    if "RECALCULATION" in case.product:
        return "interest recalculated from day to day"
    if "OVERDUE_FROM" in case.product:
        return CHARGE
    if any(case.loan[free] for free in ("grace_principal", "grace_interest", "interest_free")):
        return "instalments free of principal or interest at the start"
    reasons = (REASONS.get(event["ev"]) for event in case.events)
    if reason := next(filter(None, reasons), None):
        return reason
    types = {event["type"] for event in case.named("payment")}
    if types & {"MERCHANT_ISSUED_REFUND", "REFUND_BY_CASH"}:
        return REFUND
    if "REAMORTIZATION" in {_future_rule(case, of_type) for of_type in types}:
        return REBUILT
    return SEVERAL if len(case.named("disburse")) > 1 else None


def replayed(case: Case) -> list[Row]:
    """The schedule as we make it, after all payments."""
    rows, waiting = _scheduled(case), case.named("charge")
    for payment in _payments(case, rows):
        for charge in [c for c in waiting if _sees(case, payment, c)]:
            _add_charge(rows, charge, _began_on(case))
            waiting.remove(charge)
        _pay(case, rows, payment)
    for charge in waiting:
        _add_charge(rows, charge, _began_on(case))
    return rows


def _sees(case: Case, payment: Event, charge: Event) -> bool:
    """Whether a payment meets a charge: advanced allocation knows no charge raised later."""
    if case.loan["strategy"] != ADVANCED:
        return True
    return bool(charge["line"] < payment["line"] or charge["due"] < payment["date"])


def _began_on(case: Case) -> date:
    disbursed = case.named("disburse")
    return day(disbursed[0]["date"] if disbursed else case.loan["submitted_on"])


def _scheduled(case: Case) -> list[Row]:
    disbursed, began_on, loan = case.named("disburse"), _began_on(case), case.loan
    amount = minor(disbursed[0]["amount"] if disbursed else loan["principal"])
    level_principal = loan["amortization"] == "EQUAL_PRINCIPAL_PAYMENTS"
    multiple = 1 if "PROG" in case.product or level_principal else 100
    down = 0
    if "DOWNPAYMENT" in case.product:
        down = round_to_multiple(Fraction(amount, 4), multiple, Rounding.HALF_EVEN)
    spread = every_months if loan["every_unit"] == "MONTHS" else every_days
    terms = ScheduleTerms(
        principal_minor=amount - down,
        annual_rate_micro=micro(loan["annual_rate_pct"]),
        began_on=began_on,
        due_dates=spread(began_on, loan["n"], loan["every"]),
        day_count=DayCount.ACT_365F if loan["interest_calc_period"] == "DAILY" else None,
        months_per_period=loan["every"] if loan["every_unit"] == "MONTHS" else 1,
        instalment_multiple=multiple,
        instalment_rounding=Rounding.HALF_EVEN,
        interest_rounding=Rounding.HALF_EVEN,
    )
    method = flat if loan["interest_type"] == "FLAT" else equal_instalment
    rows = equal_principal(terms) if level_principal else method(terms)
    first = [Row(began_on, down, 0)] if down else []
    return first + [Row(i.due_on, i.principal_minor, i.interest_minor) for i in rows]


def _add_charge(rows: list[Row], charge: Event, began_on: date) -> None:
    """A fee or penalty joins the instalment whose period holds its day, else a row of its own."""
    due, amount = day(charge["due"]), minor(charge["amount"])
    row = next((row for row in rows if due <= row.due and row.due > began_on), None)
    if row is None:
        row = Row(due, 0, 0)
        rows.append(row)
    if charge["charge"] == "LOAN_NSF_FEE":
        row.penalty += amount
    else:
        row.cost += amount


def _payments(case: Case, rows: list[Row]) -> list[Event]:
    """Payments that still stand, by value date; an undoing counts the transactions of a day."""
    standing = list[Event]()
    for event in case.events:
        if event["ev"] == "disburse" and "AUTO" in case.product:
            down = {"amount": Fraction(rows[0].principal, 100), "type": "DOWN_PAYMENT"}
            standing.append({**event, **down})
        elif event["ev"] == "payment":
            standing.append(event)
        elif event["ev"] in ("undo_payment", "undo_transaction"):
            same_day = [p for p in standing if p["date"] == event["date"]]
            disbursed = [p for p in case.named("disburse") if p["date"] == event["date"]]
            counts_all = event["ev"] == "undo_transaction" and "type" not in event
            before = len(disbursed) if counts_all and event["nr"] > len(same_day) else 0
            standing.remove(same_day[event.get("nr", 1) - 1 - before])
    return sorted(standing, key=lambda payment: payment["date"])


def _pay(case: Case, rows: list[Row], payment: Event) -> None:
    on, left = day(payment["date"]), minor(payment["amount"])
    due_order, advance_order = STRATEGIES[case.loan["strategy"]]
    if "VERTICAL" in case.product:
        due_order = advance_order = AllocationOrder("vertical", False, 2, 1, 4, 3)
    advanced = case.loan["strategy"] == ADVANCED
    last_first = advanced and _future_rule(case, payment["type"]) == LAST
    due_days = {row.due for row in rows if row.due <= on}
    for days in ({d for d in due_days if d < on}, {on}) if advanced else (due_days,):
        left = _settle(rows, left, due_order, days, on)
    future = {row.due for row in rows if row.due > on}
    _settle(rows, left, advance_order, future, on, last_first)


def _future_rule(case: Case, payment_type: str) -> str:
    rules = {"GOODWILL_CREDIT": LAST}
    rules |= {event["type"]: event["rule"] for event in case.named("set_future_allocation")}
    return str(rules.get(payment_type, rules.get("DEFAULT", NEXT)))


def _settle(
    rows: list[Row],
    left: int,
    order: AllocationOrder,
    days: set[date],
    on: date,
    last_first: bool = False,
) -> int:
    """Pay the rows due on these days; return what is left."""
    chosen = [row for row in rows if row.due in days]
    if last_first:
        chosen.reverse()
    items = [item for seq, row in enumerate(chosen) for item in row.open_items(seq)]
    allocations, rest = allocate(left, items, order)
    for part in allocations:
        row = chosen[part.seq]
        row.paid[part.component] += part.amount_minor
        row.in_advance += part.amount_minor if on < row.due else 0
        row.late += part.amount_minor if on > row.due else 0
    return rest


def figures(row: Row) -> dict[str, int]:
    """Our row in the columns of the expectation."""
    total, paid = sum(row.scheduled().values()), sum(row.paid.values())
    return {
        "principal": row.principal,
        "interest": row.interest,
        "fees": row.cost,
        "penalties": row.penalty,
        "due_total": total,
        "paid": paid,
        "in_advance": row.in_advance,
        "late": row.late,
        "outstanding": total - paid,
    }


def differences(case: Case) -> list[str]:
    """Where our schedule differs from the expected one, row by row; empty if it meets it."""
    ours = replayed(case)
    found = (
        [] if len(ours) == len(case.expected) else [f"{len(ours)} rows for {len(case.expected)}"]
    )
    for row, expected in zip(ours, case.expected, strict=False):
        columns = {name: value for name, value in figures(row).items() if expected[name] != ""}
        off = {n: (v, minor(expected[n])) for n, v in columns.items() if v != minor(expected[n])}
        if row.due != day(expected["due"]):
            off["due"] = (0, 0)
        if off:
            found.append(f"{expected['nr']} {expected['due']}: {off}")
    return found
