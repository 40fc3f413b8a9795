"""Affordability: what a household can pay a month, from figures on file; a gap is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recoup.core.plans.parts import Plan


class FigureKind(StrEnum):
    """What a household figure is."""

    INCOME = "INCOME"  # a month, after tax
    SPENDING = "SPENDING"  # a month, living costs
    DEBT = "DEBT"  # a month, to other creditors; not this loan
    LUMP = "LUMP"  # once: what the borrower can pay in one sum


class Source(StrEnum):
    """Where a figure comes from."""

    STATED = "STATED"  # the borrower said so
    DOCUMENT = "DOCUMENT"  # payslip, tax certificate
    BANK_STATEMENT = "BANK_STATEMENT"
    BUREAU = "BUREAU"  # credit bureau report


class Gap(StrEnum):
    """Why a figure is missing or not used."""

    MISSING = "MISSING"
    OUTDATED = "OUTDATED"
    CURRENCY_DIFFERS = "CURRENCY_DIFFERS"
    AHEAD = "AHEAD"  # dated after the day of the question
    NEGATIVE = "NEGATIVE"


MONTHLY = (FigureKind.INCOME, FigureKind.SPENDING, FigureKind.DEBT)


@dataclass(frozen=True, slots=True)
class HouseholdFigure:
    """An amount a month (LUMP: once) in minor units, whence it is and the day it was true."""

    kind: FigureKind
    minor: int
    currency: str
    source: Source
    known_on: date

    def age_days(self, as_of: date) -> int:
        """How old it is."""
        return (as_of - self.known_on).days


@dataclass(frozen=True, slots=True)
class LivingFloor:
    """What a household keeps for living, a month, whatever it says it spends; and who set it."""

    minor: int
    currency: str
    source: str


@dataclass(frozen=True, slots=True)
class Lack:
    """A kind of figure that could not be used, and why; kind None is the floor."""

    kind: FigureKind | None
    gap: Gap


@dataclass(frozen=True, slots=True)
class Affordability:
    """What a household can pay; minor units of `currency`.

    `available` a month for this loan, its running instalments included; None if it cannot be
    said, and `lacks` say why. Never below 0: then `shortfall` is what is missing to live.
    """

    as_of: date
    currency: str
    income: int
    spending: int
    debts: int
    floor: int
    lump: int
    used: tuple[HouseholdFigure, ...]
    lacks: tuple[Lack, ...]
    available: int | None

    @property
    def shortfall(self) -> int:
        """How far living and other debts exceed the income; 0 where it is unknown."""
        if self.available is None:
            return 0
        return max(0, max(self.spending, self.floor) + self.debts - self.income)

    def short_of(self, plan: Plan) -> int | None:
        """What the plan asks beyond the available sum, month by month; None if unknown."""
        if self.available is None:
            return None
        return sum(max(0, minor - self.available) for minor in plan.by_month().values())

    def affords(self, plan: Plan) -> bool | None:
        """Whether every month is covered, the lump sum helping once; None if unknown."""
        short = self.short_of(plan)
        return None if short is None else short <= self.lump


def affordability(
    figures: Iterable[HouseholdFigure],
    floor: LivingFloor | None,
    currency: str,
    as_of: date,
    oldest_days: int = 180,
) -> Affordability:
    """Income − the greater of spending and floor − other debts, from figures that may be used.

    A figure in another currency, older than `oldest_days`, dated ahead or negative is not used.
    Without a usable income, spending and debt figure (0 is one), and without a floor, or with a
    spending or debt figure that could not be used, the sum is unknown: nothing is guessed.
    """
    used, lacks = list[HouseholdFigure](), list[Lack]()
    for figure in figures:
        gap = _gap(figure, currency, as_of, oldest_days)
        if gap is None:
            used.append(figure)
        else:
            lacks.append(Lack(figure.kind, gap))
    kinds = {figure.kind for figure in used}
    lacks += [Lack(kind, Gap.MISSING) for kind in MONTHLY if kind not in kinds]
    lacks += _floor_lacks(floor, currency)
    sums = {kind: sum(f.minor for f in used if f.kind is kind) for kind in FigureKind}
    kept = floor.minor if floor and floor.currency == currency else 0
    left = sums[FigureKind.INCOME] - max(sums[FigureKind.SPENDING], kept) - sums[FigureKind.DEBT]
    return Affordability(
        as_of=as_of,
        currency=currency,
        income=sums[FigureKind.INCOME],
        spending=sums[FigureKind.SPENDING],
        debts=sums[FigureKind.DEBT],
        floor=kept,
        lump=sums[FigureKind.LUMP],
        used=tuple(used),
        lacks=tuple(lacks),
        available=None if any(map(_leaves_unknown, lacks)) else max(0, left),
    )


def _leaves_unknown(lack: Lack) -> bool:
    """An income or a lump sum left out only lowers the answer; anything else would raise it."""
    left_out = lack.kind in {FigureKind.INCOME, FigureKind.LUMP}
    return not left_out or lack.gap is Gap.MISSING


def _gap(figure: HouseholdFigure, currency: str, as_of: date, oldest_days: int) -> Gap | None:
    age = figure.age_days(as_of)
    for wrong, gap in (
        (figure.currency != currency, Gap.CURRENCY_DIFFERS),
        (figure.minor < 0, Gap.NEGATIVE),
        (age < 0, Gap.AHEAD),
        (age > oldest_days, Gap.OUTDATED),
    ):
        if wrong:
            return gap
    return None


def _floor_lacks(floor: LivingFloor | None, currency: str) -> list[Lack]:
    if floor is None or floor.minor < 0:
        return [Lack(None, Gap.MISSING if floor is None else Gap.NEGATIVE)]
    return [] if floor.currency == currency else [Lack(None, Gap.CURRENCY_DIFFERS)]
