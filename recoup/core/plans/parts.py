"""What every plan is made of: amounts by component, dated rows, and the balance that must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from recoup.core.refusals import Refused
from recoup.core.waterfall import Component


class PlanKind(StrEnum):
    """What is agreed with somebody who cannot go on as signed."""

    INSTALMENTS = "INSTALMENTS"  # 分期还款: the arrears in parts beside the running instalments
    EXTENSION = "EXTENSION"  # 展期: everything open is due so many months later
    DEFERRAL = "DEFERRAL"  # 延期: what is due now goes behind the last instalment
    RESTRUCTURING = "RESTRUCTURING"  # 重组: a new schedule over everything open
    SETTLEMENT = "SETTLEMENT"  # 和解: less than everything, and the rest is waived
    FREEZE = "FREEZE"  # 困难冻结: months of little or nothing, then as agreed


class PenaltyDuring(StrEnum):
    """What becomes of penalty while a plan is performed."""

    GOES_ON = "GOES_ON"  # it grows as without a plan
    STOPS = "STOPS"  # what had grown is owed, no more is added
    WAIVED = "WAIVED"  # no more is added, and what had grown is let go of


class RowKind(StrEnum):
    """Why a row of a plan is due."""

    PLAN = "PLAN"  # agreed by the plan
    RUNNING = "RUNNING"  # as signed before, untouched by the plan


class NothingOwed(Refused):
    """There is nothing a plan of this kind could be about."""

    code = "plan_nothing_owed"
    message = "Nothing is open that such a plan could settle."


class CountImpossible(Refused):
    """A number of months or parts is below what makes sense, or too small a sum is divided."""

    code = "plan_count_impossible"
    message = "%(count)s parts or months are not possible for %(amount)s."


class FirstDayPast(Refused):
    """The first payment would be due before the plan is agreed."""

    code = "plan_first_day_past"
    message = "The first payment of %(first_on)s lies before the day of the plan, %(agreed_on)s."


class AmountImpossible(Refused):
    """An amount or rate of the plan is negative or above what it is taken from."""

    code = "plan_amount_impossible"
    message = "%(amount)s cannot be agreed where %(most)s may be."


@dataclass(frozen=True, slots=True)
class Parts:
    """An amount by component, in minor units."""

    cost: int = 0
    penalty: int = 0
    interest: int = 0
    principal: int = 0

    @classmethod
    def of(cls, amounts: Mapping[Component, int]) -> "Parts":
        """From amounts by component; what is not named is nothing."""
        return cls(*(amounts.get(component, 0) for component in Component))

    @property
    def total(self) -> int:
        """Everything together."""
        return self.cost + self.penalty + self.interest + self.principal

    @property
    def charges(self) -> int:
        """What is not principal: cost, penalty and interest."""
        return self.total - self.principal

    @property
    def is_sound(self) -> bool:
        """Whether no component is negative."""
        return min(self.cost, self.penalty, self.interest, self.principal) >= 0

    def by_component(self) -> dict[Component, int]:
        """The amount of each component."""
        amounts = (self.cost, self.penalty, self.interest, self.principal)
        return dict(zip(Component, amounts, strict=True))

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(
            self.cost + other.cost,
            self.penalty + other.penalty,
            self.interest + other.interest,
            self.principal + other.principal,
        )

    def __sub__(self, other: "Parts") -> "Parts":
        return Parts(
            self.cost - other.cost,
            self.penalty - other.penalty,
            self.interest - other.interest,
            self.principal - other.principal,
        )


def total(parts: Iterable[Parts]) -> Parts:
    """All of them together."""
    return sum(parts, Parts())


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be paid on one day of a plan."""

    due_on: date
    parts: Parts
    kind: RowKind = RowKind.PLAN

    @property
    def total(self) -> int:
        """Everything of this row."""
        return self.parts.total


class PlanUnbalanced(AssertionError):
    """A plan creates or loses money: a bug, never shown."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan over an account as it stood on `agreed_on`; amounts in minor units of `currency`.

    `owed`: everything open that day, instalments to come included. `added`: what the plan adds
    (interest or penalty going on, new interest). `waived`: what is let go of if it is performed.
    `lapsed`: interest of the old schedule whose time never comes. In every component
    paid by the rows + waived + lapsed = owed + added; a plan that breaks this cannot be made.
    `settles_today`: what would settle everything on `agreed_on`, the sum its rates are counted on.
    """

    kind: PlanKind
    agreed_on: date
    currency: str
    rows: tuple[Row, ...]
    owed: Parts
    added: Parts
    waived: Parts
    lapsed: Parts
    settles_today: int
    terms: object = field(default=None, compare=False)

    def __post_init__(self) -> None:
        left = self.owed + self.added - self.waived - self.lapsed - self.paid
        sound = (*(row.parts for row in self.rows), self.added, self.waived, self.lapsed)
        days = [row.due_on for row in self.rows]
        if left != Parts() or not all(p.is_sound for p in sound) or days != sorted(days):
            raise PlanUnbalanced(self.kind, left)

    @property
    def paid(self) -> Parts:
        """What is paid by the end."""
        return total(row.parts for row in self.rows)

    @property
    def first(self) -> Row:
        """The first row the plan itself asks for."""
        return next(row for row in self.rows if row.kind is RowKind.PLAN)

    @property
    def ends_on(self) -> date:
        """The day of the last row."""
        return self.rows[-1].due_on

    def by_month(self) -> dict[tuple[int, int], int]:
        """What is to be paid in each calendar month that asks for anything."""
        return by_month(self.rows)


def by_month(rows: Iterable[Row]) -> dict[tuple[int, int], int]:
    """What rows ask in each calendar month (year, month) that asks for anything."""
    months = dict[tuple[int, int], int]()
    for row in rows:
        month = (row.due_on.year, row.due_on.month)
        months[month] = months.get(month, 0) + row.total
    return months


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows by day, the plan's own before the running ones; rows without an amount fall away."""
    kept = (row for row in rows if row.total)
    return tuple(sorted(kept, key=lambda row: (row.due_on, row.kind)))
