"""Fineract's loans replayed by our schedule methods and our waterfall.

A product's conventions are options of ours; nothing here reckons on its own.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recoup.core.calendar import DayCount, every_days, every_months
from recoup.core.rounding import Rounding, round_to_multiple
from recoup.core.schedule import (
    Instalment,
    ScheduleTerms,
    Tranche,
    equal_instalment_in_tranches,
    equal_principal,
    flat,
)
from recoup.core.waterfall import AllocationOrder, Component, OpenItem, allocate
from tests.core.figures import day, micro, minor
from tests.core.fineract_cases import LAST, Case, Event

COST, PENALTY, INTEREST, PRINCIPAL = (
    Component.COST,
    Component.PENALTY,
    Component.INTEREST,
    Component.PRINCIPAL,
)
ADVANCED = "ADVANCED_PAYMENT_ALLOCATION"
# Which ranks pay dues that have fallen due, and which pay future dues (a fee is our cost).
BY_DUE = AllocationOrder("penalty, fee, interest, principal", True, 2, 1, 3, 4)
IN_ADVANCE = AllocationOrder("principal, penalty, fee, interest", True, 3, 2, 4, 1)
FEE_LAST = AllocationOrder("penalty, interest, principal, fee", True, 4, 1, 2, 3)
HORIZONTAL = AllocationOrder("penalty, fee, principal, interest", True, 2, 1, 4, 3)
VERTICAL = AllocationOrder("penalty, fee, principal, interest", False, 2, 1, 4, 3)
STRATEGIES = {
    "PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER": (BY_DUE, BY_DUE),
    "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST": (
        BY_DUE,
        IN_ADVANCE,
    ),
    "DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PENALTY_INTEREST_PRINCIPAL_FEE": (
        FEE_LAST,
        FEE_LAST,
    ),
    ADVANCED: (HORIZONTAL, HORIZONTAL),
}


@dataclass
class Row:
    """One row of a schedule with what was paid on it, amounts in minor units."""

    due: date
    principal: int
    interest: int = 0
    cost: int = 0
    penalty: int = 0
    is_down_payment: bool = False
    charges: list[tuple[date, Component, int]] = field(default_factory=list)
    paid: Counter[Component] = field(default_factory=Counter)
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

    def charges_due(self, seq: int, on: date) -> list[OpenItem]:
        """Of a future row, the charges whose own day has come."""
        due = Counter[Component]()
        for charged_on, component, amount in self.charges:
            due[component] += amount if charged_on <= on else 0
        return [OpenItem(seq, c, max(0, due[c] - self.paid[c])) for c in (COST, PENALTY)]

    def outstanding(self) -> int:
        """Everything open."""
        return sum(self.scheduled().values()) - self.paid.total()


@dataclass
class Payment:
    """A payment that stands, with what it settled."""

    event: Event
    of_type: str
    on: date
    minor: int
    settled: Counter[Component] = field(default_factory=Counter)


@dataclass
class Loan:
    """A case replayed."""

    case: Case
    rows: list[Row]
    payments: list[Payment]
    undone: list[Payment] = field(default_factory=list)

    @property
    def began_on(self) -> date:
        """The day of the first pay-out, or of the application."""
        paid_out = self.case.disbursements()
        return day(paid_out[0]["date"] if paid_out else self.case.loan["submitted_on"])


def replayed(case: Case) -> Loan:
    """The loan as we make it, after all payments."""
    loan = Loan(case, [], [])
    loan.rows, loan.payments = _scheduled(loan), _payments(loan)
    waiting = case.named("charge")
    for payment in loan.payments:
        for charge in [c for c in waiting if _sees(case, payment, c)]:
            _add_charge(loan, charge)
            waiting.remove(charge)
        _pay(loan, payment)
    for charge in waiting:
        _add_charge(loan, charge)
    return loan


def _multiple(case: Case) -> int:
    level_principal = case.loan["amortization"] == "EQUAL_PRINCIPAL_PAYMENTS"
    return 1 if "PROG" in case.product or level_principal else 100


def _down_payment(case: Case, amount_minor: int) -> int:
    if "DOWNPAYMENT" not in case.product:
        return 0
    return round_to_multiple(Fraction(amount_minor, 4), _multiple(case), Rounding.HALF_EVEN)


def _scheduled(loan: Loan) -> list[Row]:
    case, given = loan.case, loan.case.loan
    paid_out = [(day(e["date"]), minor(e["amount"])) for e in case.disbursements()]
    paid_out = paid_out or [(loan.began_on, minor(given["principal"]))]
    downs = [(on, _down_payment(case, amount)) for on, amount in paid_out]
    lent = [Tranche(on, sum_ - down) for (on, sum_), (_, down) in zip(paid_out, downs, strict=True)]
    spread = every_months if given["every_unit"] == "MONTHS" else every_days
    terms = ScheduleTerms(
        principal_minor=lent[0].minor,
        annual_rate_micro=micro(given["annual_rate_pct"]),
        began_on=loan.began_on,
        due_dates=spread(loan.began_on, given["n"], given["every"]),
        day_count=DayCount.ACT_365F if given["interest_calc_period"] == "DAILY" else None,
        months_per_period=given["every"] if given["every_unit"] == "MONTHS" else 1,
        instalment_multiple=_multiple(case),
        instalment_rounding=Rounding.HALF_EVEN,
        interest_rounding=Rounding.HALF_EVEN,
    )
    rows = [Row(i.due_on, i.principal_minor, i.interest_minor) for i in _method(terms, given, lent)]
    rows += [Row(on, down, is_down_payment=True) for on, down in downs if down]
    return sorted(rows, key=lambda row: row.due)


def _method(terms: ScheduleTerms, given: Event, lent: list[Tranche]) -> tuple[Instalment, ...]:
    if given["amortization"] == "EQUAL_PRINCIPAL_PAYMENTS":
        return equal_principal(terms)
    if given["interest_type"] == "FLAT" and terms.annual_rate_micro:
        return flat(terms)
    return equal_instalment_in_tranches(terms, lent[1:])


def _payments(loan: Loan) -> list[Payment]:
    """Payments that stand, by value date; an undoing counts the transactions of a day."""
    case, standing = loan.case, list[Payment]()
    for event in case.events:
        on = day(event["date"]) if "date" in event else date.min
        if event["ev"] == "disburse" and "AUTO" in case.product and event in case.disbursements():
            down = _down_payment(case, minor(event["amount"]))
            standing.append(Payment(event, "DOWN_PAYMENT", on, down))
        elif event["ev"] == "payment":
            standing.append(Payment(event, event["type"], on, minor(event["amount"])))
        elif event["ev"] in ("undo_payment", "undo_transaction"):
            loan.undone.append(_undo(case, standing, event, on))
    return sorted(standing, key=lambda payment: payment.on)


def _undo(case: Case, standing: list[Payment], event: Event, on: date) -> Payment:
    """Take back the payment that an undoing means."""
    same_day = [payment for payment in standing if payment.on == on]
    paid_out = [e for e in case.disbursements() if day(e["date"]) == on]
    counts_all = event["ev"] == "undo_transaction" and "type" not in event
    before = len(paid_out) if counts_all and event["nr"] > len(same_day) else 0
    payment = same_day[event.get("nr", 1) - 1 - before]
    standing.remove(payment)
    return payment


def _sees(case: Case, payment: Payment, charge: Event) -> bool:
    """Whether a payment meets a charge: advanced allocation knows no charge raised later."""
    if case.loan["strategy"] != ADVANCED:
        return True
    return bool(charge["line"] < payment.event["line"] or day(charge["due"]) < payment.on)


def _add_charge(loan: Loan, charge: Event) -> None:
    """A fee or penalty joins the instalment whose period holds its day, else a row of its own."""
    due, amount = day(charge["due"]), minor(charge["amount"])
    fits = (
        r for r in loan.rows if due <= r.due and r.due > loan.began_on and not r.is_down_payment
    )
    row = next(fits, None)
    if row is None:
        row = Row(due, 0)
        loan.rows.append(row)
    is_penalty = charge["charge"] == "LOAN_NSF_FEE"
    row.charges.append((due, PENALTY if is_penalty else COST, amount))
    row.penalty += amount if is_penalty else 0
    row.cost += 0 if is_penalty else amount


def _pay(loan: Loan, payment: Payment) -> None:
    advanced = loan.case.loan["strategy"] == ADVANCED
    due_order, advance_order = STRATEGIES[loan.case.loan["strategy"]]
    if "VERTICAL" in loan.case.product:
        due_order = advance_order = VERTICAL
    due = [row for row in loan.rows if row.due <= payment.on]
    future = [row for row in loan.rows if row.due > payment.on]
    if advanced and loan.case.future_rule(payment.of_type) == LAST:
        future.reverse()
    past = [row for row in due if row.due < payment.on]
    for rows in (past, due[len(past) :]) if advanced else (due,):
        _settle(rows, payment, due_order)
    if not advanced:
        own_day = [i for seq, row in enumerate(future) for i in row.charges_due(seq, payment.on)]
        _settle(future, payment, due_order, own_day)
    _settle(future, payment, advance_order)


def _settle(
    rows: list[Row], payment: Payment, order: AllocationOrder, items: list[OpenItem] | None = None
) -> None:
    """Pay these rows, or only these items of them, with what is left of the payment."""
    if items is None:
        items = [item for seq, row in enumerate(rows) for item in row.open_items(seq)]
    left = payment.minor - payment.settled.total()
    for part in allocate(left, items, order)[0]:
        row, amount = rows[part.seq], part.amount_minor
        payment.settled[part.component] += amount
        row.paid[part.component] += amount
        row.in_advance += amount if payment.on < row.due else 0
        row.late += amount if payment.on > row.due else 0
