"""Proposals: every kind and term tried on one account, what may be made ranked, and why.

No probability is made up: what a borrower will do is not known here. The score is reckoned from
three stated shares in thousandths: what the lender recovers in present value, how much room the
plan leaves the borrower, and how little it costs beyond going on as signed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from recoup.core.calendar import add_months
from recoup.core.plans.affordability import Affordability
from recoup.core.plans.figures import Alternative, Discount, flows_of, worth_of
from recoup.core.plans.kinds import (
    Deferral,
    Extension,
    Freeze,
    InstalmentPlan,
    PlanTerms,
    Restructuring,
    Settlement,
    as_signed,
    make,
)
from recoup.core.plans.limits import Facts, Limits, reasons_against
from recoup.core.plans.parts import PenaltyDuring, Plan, PlanKind, Row, by_month
from recoup.core.plans.spreading import NOT_GOING_ON, Going
from recoup.core.plans.standing import Standing
from recoup.core.refusals import Refused

WHOLE = 1000  # thousandths
KINDS = tuple(PlanKind)
THIN = 100  # less room than a tenth is thin


class Why(StrEnum):
    """What speaks for or against a proposal; the door says it in words."""

    FITS = "FITS"  # every month within what the household can pay
    USES_LUMP = "USES_LUMP"  # only with the sum the borrower has at hand
    ROOM_THIN = "ROOM_THIN"  # fits with less than a tenth to spare
    BUDGET_UNKNOWN = "BUDGET_UNKNOWN"  # not ranked by what the borrower can pay
    PAYS_ALL = "PAYS_ALL"  # nothing is waived
    WAIVES_CHARGES = "WAIVES_CHARGES"  # minor: penalty, interest or cost let go of
    WAIVES_PRINCIPAL = "WAIVES_PRINCIPAL"  # minor
    ADDS_NOTHING = "ADDS_NOTHING"  # the plan itself costs nothing
    ADDS_CHARGES = "ADDS_CHARGES"  # minor
    LIGHTER_MONTH = "LIGHTER_MONTH"  # minor: the heaviest month is so much lighter than as signed
    ENDS_LATER = "ENDS_LATER"  # days later than as signed
    ABOVE_ALTERNATIVE = "ABOVE_ALTERNATIVE"  # minor: worth more than the lender's alternative
    BELOW_ALTERNATIVE = "BELOW_ALTERNATIVE"  # minor: worth less; ranked behind


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its number, if it has one (minor units or days)."""

    why: Why
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """Which terms are tried: data of the lender. Shares are in per cent.

    `rates_micro`: of restructurings; the first is that at which interest goes on elsewhere.
    `settles_pct`: what a settlement pays of everything. `pays_pct`: what a freeze asks of the
    heaviest month as signed.
    """

    rates_micro: tuple[int, ...]
    first_on: date
    instalments: tuple[int, ...] = (2, 3, 4, 6, 9, 12, 18, 24)
    extensions: tuple[int, ...] = tuple(range(1, 13))
    deferrals: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    freezes: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    pays_pct: tuple[int, ...] = (0, 25, 50)
    restructurings: tuple[int, ...] = (12, 18, 24, 30, 36, 42, 48, 54, 60)
    balloons_pct: tuple[int, ...] = (0, 20)
    settles_pct: tuple[int, ...] = (100, 95, 90, 85, 80, 70, 60)
    settles_in: tuple[int, ...] = (1, 2, 3, 6)
    multiple: int = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each share counts for the score; only their proportion matters.

    `enough_room`: thousandths of the sum available that are room enough; more counts no further.
    """

    recovery: int = 50
    room: int = 30
    thrift: int = 20
    enough_room: int = 300


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that may be made, and how it is judged.

    `recovery`: present value ÷ what would settle everything today, thousandths, at most 1000.
    `room`: what the heaviest month leaves of the sum available, thousandths; None if unknown.
    `thrift`: 1000 less what it costs the borrower beyond going on as signed ÷ what would settle
    everything today. `score`: the weighted mean of those that are known.
    """

    plan: Plan
    present: int
    recovery: int
    room: int | None
    thrift: int
    score: int
    reasons: tuple[Reason, ...]

    @property
    def below_alternative(self) -> bool:
        """Whether the lender's alternative is worth more."""
        return any(reason.why is Why.BELOW_ALTERNATIVE for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Declined:
    """Terms that make no plan, or none that may be made: every reason."""

    terms: PlanTerms
    reasons: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that was tried: what may be made, best first; what is too heavy; what is declined."""

    ranked: tuple[Proposal, ...]
    too_heavy: tuple[Proposal, ...]
    declined: tuple[Declined, ...]

    def best_of_each_kind(self) -> tuple[Proposal, ...]:
        """The first of every kind, in the order of their rank."""
        first = dict[PlanKind, Proposal]()
        for proposal in self.ranked:
            first.setdefault(proposal.plan.kind, proposal)
        return tuple(first.values())


@dataclass(frozen=True, slots=True)
class Judge:
    """What proposals of one case are judged by."""

    stands: Standing
    household: Affordability
    discount: Discount
    weights: Weights
    signed: tuple[Row, ...]
    alternative_present: int | None

    def propose(self, plan: Plan) -> Proposal:
        """The plan with its score and reasons."""
        present = self.discount.worth_minor(flows_of(plan.rows))
        recovery = min(WHOLE, present * WHOLE // max(1, plan.settles_today))
        room, thrift = self._room(plan), self._thrift(plan)
        return Proposal(
            plan=plan,
            present=present,
            recovery=recovery,
            room=room,
            thrift=thrift,
            score=self._score(recovery, room, thrift),
            reasons=tuple(self._reasons(plan, present, room)),
        )

    def _room(self, plan: Plan) -> int | None:
        available = self.household.available
        if available is None:
            return None
        heaviest = max(plan.by_month().values())
        return max(0, available - heaviest) * WHOLE // available if available else 0

    def _thrift(self, plan: Plan) -> int:
        dearer = max(0, plan.paid.total - sum(row.total for row in self.signed))
        return max(0, WHOLE - dearer * WHOLE // max(1, plan.settles_today))

    def _score(self, recovery: int, room: int | None, thrift: int) -> int:
        by = self.weights
        shares = [(recovery, by.recovery), (thrift, by.thrift)]
        if room is not None:
            shares.append((min(WHOLE, room * WHOLE // by.enough_room), by.room))
        return sum(share * weight for share, weight in shares) // sum(w for _, w in shares)

    def _reasons(self, plan: Plan, present: int, room: int | None) -> Iterator[Reason]:
        yield from self._of_budget(plan, room)
        yield from _of_money(plan)
        lighter = max(by_month(self.signed).values()) - max(plan.by_month().values())
        if lighter > 0:
            yield Reason(Why.LIGHTER_MONTH, lighter)
        later = (plan.ends_on - self.signed[-1].due_on).days
        if later > 0:
            yield Reason(Why.ENDS_LATER, later)
        if self.alternative_present is not None:
            gain = present - self.alternative_present
            why = Why.ABOVE_ALTERNATIVE if gain >= 0 else Why.BELOW_ALTERNATIVE
            yield Reason(why, abs(gain))

    def _of_budget(self, plan: Plan, room: int | None) -> Iterator[Reason]:
        short = self.household.short_of(plan)
        if short is None or room is None:
            yield Reason(Why.BUDGET_UNKNOWN)
        elif 0 < short <= self.household.lump:
            yield Reason(Why.USES_LUMP, short)
        elif short == 0:
            yield Reason(Why.ROOM_THIN if room < THIN else Why.FITS)


def _of_money(plan: Plan) -> Iterator[Reason]:
    """What is let go of and what is added."""
    if plan.waived.charges:
        yield Reason(Why.WAIVES_CHARGES, plan.waived.charges)
    if plan.waived.principal:
        yield Reason(Why.WAIVES_PRINCIPAL, plan.waived.principal)
    if not plan.waived.total:
        yield Reason(Why.PAYS_ALL)
    if plan.added.total:
        yield Reason(Why.ADDS_CHARGES, plan.added.total)
    else:
        yield Reason(Why.ADDS_NOTHING)


def propose(
    stands: Standing,
    offers: Offers,
    household: Affordability,
    facts: Facts,
    limits: Limits,
    *,
    discount_rate_micro: int,
    weights: Weights = Weights(),
    alternative: Alternative | None = None,
) -> Proposals:
    """Every offer tried. Best first: above the alternative, then score, then the sooner end."""
    discount = Discount(stands.as_of, discount_rate_micro)
    judge = Judge(
        stands=stands,
        household=household,
        discount=discount,
        weights=weights,
        signed=as_signed(stands),
        alternative_present=worth_of(alternative, discount),
    )
    plans, declined = _makeable(stands, offers, facts, limits)
    judged = sorted((judge.propose(plan) for plan in plans), key=_place)
    too_heavy = tuple(p for p in judged if household.affords(p.plan) is False)
    return Proposals(
        ranked=tuple(p for p in judged if household.affords(p.plan) is not False),
        too_heavy=too_heavy,
        declined=tuple(declined),
    )


def _place(proposal: Proposal) -> tuple[bool, int, date, int, int]:
    plan = proposal.plan
    rank = KINDS.index(plan.kind)
    return proposal.below_alternative, -proposal.score, plan.ends_on, rank, plan.waived.total


def _makeable(
    stands: Standing, offers: Offers, facts: Facts, limits: Limits
) -> tuple[list[Plan], list[Declined]]:
    """The plans that may be made, no two alike, and what may not with every reason."""
    plans, declined, seen = list[Plan](), list[Declined](), set[object]()
    for terms in candidates(stands, offers):
        try:
            plan = make(stands, terms)
        except Refused as no:
            declined.append(Declined(terms, (no,)))
            continue
        reasons = reasons_against(plan, facts, limits)
        if reasons:
            declined.append(Declined(terms, reasons))
        elif (plan.kind, plan.rows) not in seen:
            seen.add((plan.kind, plan.rows))
            plans.append(plan)
    return plans, declined


def candidates(stands: Standing, offers: Offers) -> Iterator[PlanTerms]:
    """All terms that are tried on an account."""
    going = (NOT_GOING_ON, Going(offers.rates_micro[0], stands.terms.penalty_day_basis))
    waives = (False, True)
    for count, penalty in product(offers.instalments, PenaltyDuring):
        yield InstalmentPlan(count, offers.first_on, None, offers.multiple, penalty)
    for months, interest, waived in product(offers.extensions, going, waives):
        yield Extension(months, interest, waived)
    for months, interest, waived in product(offers.deferrals, going, waives):
        yield Deferral(months, interest, waived)
    yield from _freezes(stands, offers, going)
    yield from _restructurings(stands, offers)
    for pct, count in product(offers.settles_pct, offers.settles_in):
        pays = stands.payoff.total * pct // 100
        yield Settlement(pays, offers.first_on, count, offers.multiple)


def _freezes(stands: Standing, offers: Offers, going: Iterable[Going]) -> Iterator[PlanTerms]:
    instalment = max((stands.open_of(state).total for state in stands.states), default=0)
    for months, pct, interest in product(offers.freezes, offers.pays_pct, going):
        yield Freeze(months, instalment * pct // 100, interest, PenaltyDuring.STOPS)


def _restructurings(stands: Standing, offers: Offers) -> Iterator[PlanTerms]:
    first_on = max(offers.first_on, add_months(stands.as_of, 1))
    for count, rate, pct, waived in product(
        offers.restructurings, offers.rates_micro, offers.balloons_pct, (False, True)
    ):
        yield Restructuring(
            count=count,
            first_on=first_on,
            annual_rate_micro=rate,
            balloon_minor=stands.payoff.principal * pct // 100,
            multiple=offers.multiple,
            waives_penalty=waived,
        )
