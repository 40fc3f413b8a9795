"""Limits: what a plan may not exceed, as data, and every reason at once why one may not be made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recoup.core.account import Account
from recoup.core.calendar import add_months
from recoup.core.money import Money
from recoup.core.penalty import CAP_24_PCT_MICRO, MICRO
from recoup.core.plans.parts import Plan, Row, RowKind
from recoup.core.refusals import Refused
from recoup.core.waterfall import Component

YEAR_DAYS = 365


class PlanRefused(Refused):
    """A plan may not be agreed; `reasons` are all the reasons, each a refusal of its own."""

    code = "plan_refused"
    message = "The plan cannot be agreed."

    def __init__(self, reasons: tuple[Refused, ...] = ()) -> None:
        super().__init__()
        self.reasons = reasons


class PlanTooLong(Refused):
    """The plan runs longer than is allowed."""

    code = "plan_too_long"
    message = "The plan runs until %(ends_on)s; the longest allowed is %(months)s months."


class PlanTooDear(Refused):
    """What the plan charges exceeds the all-in cap of the law pack."""

    code = "plan_too_dear"
    message = "Charges of %(charges)s exceed the %(most)s which the cap allows (%(source)s)."


class FirstPaymentTooSmall(Refused):
    """The first payment is below the agreed minimum."""

    code = "plan_first_payment_too_small"
    message = "The first payment of %(first)s is below the least of %(least)s."


class PlansTooMany(Refused):
    """So many plans were agreed within a year that no more are allowed."""

    code = "plans_too_many"
    message = "%(made)s plans were agreed within a year; at most %(most)s are allowed."


class WaivedTooMuch(Refused):
    """More is waived than a plan may waive."""

    code = "plan_waives_too_much"
    message = "%(waived)s would be waived; at most %(most)s may be."


@dataclass(frozen=True, slots=True)
class AllInCap:
    """An annual cap on interest, compound interest, penalty and fees together, in millionths.

    In force for contracts from `from_on` until before `until_on`.
    """

    rate_micro: int
    source: str
    from_on: date
    until_on: date | None = None

    def holds(self, contract_on: date) -> bool:
        """Whether it is in force for a contract of that day."""
        return self.from_on <= contract_on and (
            self.until_on is None or contract_on < self.until_on
        )


# Licensed lenders: 法发〔2017〕22号 (CN-INT-003, on the borrower's request); internet assisted
# loans 金规〔2025〕9号 (CN-INT-004, as read by lawyers). Effective days as the rules state them.
CN_ASSISTED = AllInCap(CAP_24_PCT_MICRO, "CN-INT-004", date(2025, 10, 1))
CN_LICENSED = AllInCap(CAP_24_PCT_MICRO, "CN-INT-003", date(2017, 8, 4))


def cap_on(contract_on: date, caps: Iterable[AllInCap]) -> AllInCap | None:
    """The strictest cap in force for a contract of that day, the later of equals; None if none."""
    holding = [cap for cap in caps if cap.holds(contract_on)]
    return min(holding, key=lambda c: (c.rate_micro, -c.from_on.toordinal()), default=None)


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the loan bore before the plan: charges paid, and its principal × days (积数).

    With it the cap is held over the whole life of the loan; without it over the plan's time,
    against what the plan's time bears.
    """

    charges_minor: int
    principal_minor_days: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan may not exceed. None: no such limit.

    `most_months`: from the day agreed to the last row (CN-PLAN-001: 60 as the card rule has it).
    `caps`: the law pack; the one in force on the contract's day counts.
    `least_first_minor`, `least_first_pct`: of the first row the plan asks for, the latter in per
    cent of what is overdue. `most_plans_a_year`: plans agreed within 12 months, this one included.
    `most_waived_pct`: of what would settle everything.
    """

    most_months: int | None = 60
    caps: tuple[AllInCap, ...] = (CN_LICENSED, CN_ASSISTED)
    least_first_minor: int = 0
    least_first_pct: int = 0
    most_plans_a_year: int | None = None
    most_waived_pct: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the limits need to know beside the plan.

    `overdue_minor`: what is overdue on the day. `agreed_before`: days of earlier plans.
    """

    contract_on: date
    overdue_minor: int
    agreed_before: tuple[date, ...] = ()
    so_far: SoFar | None = None


def permit(plan: Plan, facts: Facts, limits: Limits) -> Plan:
    """The plan itself. Raises PlanRefused with every reason."""
    reasons = reasons_against(plan, facts, limits)
    if reasons:
        raise PlanRefused(reasons)
    return plan


def reasons_against(plan: Plan, facts: Facts, limits: Limits) -> tuple[Refused, ...]:
    """Everything that forbids the plan, each by itself."""
    found = (
        _against_term(plan, limits),
        _against_charges(plan, facts, limits),
        _against_first(plan, facts, limits),
        _against_number(plan, facts, limits),
        _against_waiver(plan, limits),
    )
    return tuple(reason for reason in found if reason)


def _against_term(plan: Plan, limits: Limits) -> Refused | None:
    """Rows that run as signed do not make a plan longer than its own."""
    own = [row.due_on for row in plan.rows if row.kind is RowKind.PLAN]
    months = limits.most_months
    if months is None or max(own) <= add_months(plan.agreed_on, months):
        return None
    return PlanTooLong(ends_on=max(own), months=months)


def _against_charges(plan: Plan, facts: Facts, limits: Limits) -> Refused | None:
    cap = cap_on(facts.contract_on, limits.caps)
    if cap is None:
        return None
    charges, minor_days = charged(plan), principal_days(plan)
    if facts.so_far is not None:
        charges = plan.paid.charges + facts.so_far.charges_minor
        minor_days += facts.so_far.principal_minor_days
    most = most_charges(minor_days, cap)
    if charges <= most:
        return None
    return PlanTooDear(
        charges=Money(charges, plan.currency), most=Money(most, plan.currency), source=cap.source
    )


def _against_first(plan: Plan, facts: Facts, limits: Limits) -> Refused | None:
    share = -(-facts.overdue_minor * limits.least_first_pct // 100)
    least = min(max(limits.least_first_minor, share), plan.paid.total)
    if plan.first.total >= least:
        return None
    return FirstPaymentTooSmall(
        first=Money(plan.first.total, plan.currency), least=Money(least, plan.currency)
    )


def _against_number(plan: Plan, facts: Facts, limits: Limits) -> Refused | None:
    since = add_months(plan.agreed_on, -12)
    made = sum(since < day <= plan.agreed_on for day in facts.agreed_before)
    if limits.most_plans_a_year is None or made < limits.most_plans_a_year:
        return None
    return PlansTooMany(made=made, most=limits.most_plans_a_year)


def _against_waiver(plan: Plan, limits: Limits) -> Refused | None:
    if limits.most_waived_pct is None:
        return None
    most = plan.settles_today * limits.most_waived_pct // 100
    if plan.waived.total <= most:
        return None
    return WaivedTooMuch(
        waived=Money(plan.waived.total, plan.currency), most=Money(most, plan.currency)
    )


def charged(plan: Plan) -> int:
    """What the plan's time bears: what it adds, and the interest still to come as signed."""
    to_come = plan.owed.total - plan.lapsed.total - plan.settles_today
    return plan.added.total + to_come


def principal_days(plan: Plan) -> int:
    """Principal still owed × days 积数, from the day agreed to the last row."""
    return minor_days(plan.rows, plan.agreed_on)


def minor_days(rows: Sequence[Row], since: date) -> int:
    """Principal of the rows × the days from `since` until each is paid."""
    return sum(row.parts.principal * max(0, (row.due_on - since).days) for row in rows)


def most_charges(minor_days: int, cap: AllInCap) -> int:
    """The most that principal × days may bear under the cap, a year of 365 days, rounded down."""
    exact = Fraction(minor_days * cap.rate_micro, MICRO * YEAR_DAYS)
    return exact.numerator // exact.denominator


def so_far(
    account: Account,
    began_on: date,
    as_of: date,
    paid_on: Mapping[int, date],
    relieved_on: Mapping[int, date] | None = None,
) -> SoFar:
    """What the loan bore from `began_on` until `as_of`, out of its replayed account.

    `paid_on`, `relieved_on`: value dates by number. Principal paid before the account came to us
    counts as paid on its due date.
    """
    moves = [(p.seq, p.component, p.amount, paid_on[p.payment_id]) for p in account.allocations]
    relieved = [
        (p.seq, p.component, p.amount, (relieved_on or {})[p.adjustment_id])
        for p in account.reliefs
    ]
    borne = sum(s.interest_paid + s.cost_paid + s.penalty_paid for s in account.states)
    let_go = sum(minor for _, part, minor, _ in relieved if part is not Component.PRINCIPAL)
    before_us = {state.seq: state.principal_paid for state in account.states}
    days = 0
    for seq, part, minor, on in moves + relieved:
        if part is Component.PRINCIPAL:
            before_us[seq] -= minor
            days += minor * max(0, (on - began_on).days)
    for state in account.states:
        days += state.principal_open * max(0, (as_of - began_on).days)
        days += before_us[state.seq] * max(0, (min(state.due_on, as_of) - began_on).days)
    return SoFar(borne - let_go, days)
