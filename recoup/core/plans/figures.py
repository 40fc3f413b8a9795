"""What a plan costs and is worth, the same for both sides: total, present value, annual rate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from recoup.core.plans.kinds import as_signed
from recoup.core.plans.parts import Plan, Row, total
from recoup.core.plans.standing import Standing
from recoup.core.rates import RESULT, WORKING, YEAR_DAYS, Exact, NoRate, decimal, natural_log, xirr
from recoup.core.refusals import Refused
from recoup.core.rounding import round_fraction

MICRO = 1_000_000


class AlternativeDoubtful(Refused):
    """The lender's alternative does not say where its amounts come from."""

    code = "plan_alternative_doubtful"
    message = "The lender's alternative needs a source and at least one payment."


@dataclass(frozen=True, slots=True)
class Discount:
    """Present values on one day at a stated effective annual rate in millionths, ACT/365.

    The factor of a day is reckoned once: hundreds of plans share one discount.
    """

    on: date
    rate_micro: int
    _factors: dict[int, Decimal] = field(default_factory=dict, compare=False, repr=False)

    def factor(self, day: date) -> Decimal:
        """What one unit of `day` is worth on `on`. Raises NoRate at −100 % or less."""
        days = (day - self.on).days
        if days not in self._factors:
            log_rate = natural_log(1 + Fraction(self.rate_micro, MICRO))
            with localcontext(WORKING):
                time = decimal(Fraction(days, YEAR_DAYS))
                self._factors[days] = (-log_rate * time).exp()
        return self._factors[days]

    def worth(self, flows: Iterable[tuple[date, int]]) -> Decimal:
        """The exact present value of dated amounts, as `rates.xnpv` has it, to 28 digits."""
        with localcontext(WORKING):
            exact = sum((minor * self.factor(on) for on, minor in flows), Decimal(0))
        return RESULT.plus(exact)

    def worth_minor(self, flows: Iterable[tuple[date, int]]) -> int:
        """The present value in minor units, half up."""
        return round_fraction(Fraction(self.worth(flows)))


@dataclass(frozen=True, slots=True)
class Figures:
    """What dated payments come to; amounts in minor units.

    `total`: all that is paid. `charges`: of it cost, penalty and interest. `present`: worth on the
    day at the stated rate. `annual_rate`: the effective annual rate (XIRR, ACT/365) at which the
    payments are worth what would settle everything that day; None if there is none.
    """

    total: int
    charges: int
    present: int
    ends_on: date
    annual_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the lender gets without a plan: dated amounts (proceeds +, expenses −) and their source.

    Nothing is guessed here: who states it answers for it. Raises AlternativeDoubtful.
    """

    code: str
    source: str
    flows: tuple[tuple[date, int], ...]

    def __post_init__(self) -> None:
        if not self.source or not self.flows:
            raise AlternativeDoubtful


@dataclass(frozen=True, slots=True)
class Comparison:
    """A plan beside going on as agreed and, if one is stated, the lender's alternative."""

    rate_micro: int
    plan: Figures
    as_signed: Figures
    alternative_present: int | None

    @property
    def borrower_pays_more(self) -> int:
        """What the borrower pays in all beyond going on as agreed; negative where it is less."""
        return self.plan.total - self.as_signed.total

    @property
    def lender_gains(self) -> int | None:
        """Present value of the plan less that of the alternative; None if none is stated."""
        if self.alternative_present is None:
            return None
        return self.plan.present - self.alternative_present


def figures(rows: Sequence[Row], settles_today: int, discount: Discount) -> Figures:
    """The figures of dated rows, counted on what would settle everything on the discount's day."""
    flows = flows_of(rows)
    paid = total(row.parts for row in rows)
    return Figures(
        total=paid.total,
        charges=paid.charges,
        present=discount.worth_minor(flows),
        ends_on=rows[-1].due_on,
        annual_rate=annual_rate(settles_today, discount.on, flows),
    )


def compare(
    stands: Standing, plan: Plan, rate_micro: int, alternative: Alternative | None = None
) -> Comparison:
    """The plan, going on as agreed and the alternative, all at one stated rate."""
    discount = Discount(plan.agreed_on, rate_micro)
    return Comparison(
        rate_micro=rate_micro,
        plan=figures(plan.rows, plan.settles_today, discount),
        as_signed=figures(as_signed(stands), plan.settles_today, discount),
        alternative_present=worth_of(alternative, discount),
    )


def worth_of(alternative: Alternative | None, discount: Discount) -> int | None:
    """The present value of the alternative; None if none is stated."""
    return None if alternative is None else discount.worth_minor(alternative.flows)


def annual_rate(
    settles_today: Exact, on: date, flows: Sequence[tuple[date, Exact]]
) -> Decimal | None:
    """The effective annual rate of paying later instead of today; None if there is none."""
    try:
        return xirr([(on, -settles_today), *flows])
    except NoRate:
        return None


def flows_of(rows: Iterable[Row]) -> list[tuple[date, int]]:
    """The rows as dated amounts."""
    return [(row.due_on, row.total) for row in rows]
