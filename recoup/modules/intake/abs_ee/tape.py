"""A servicer's tape: the terms of a loan, and what was reported of it at each month's end."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Closing(StrEnum):
    """How a loan left the tape."""

    SETTLED = "SETTLED"
    CHARGED_OFF = "CHARGED_OFF"


@dataclass(frozen=True, slots=True)
class TapeMonth:
    """One reporting period of a loan; amounts in minor units, None where the tape is silent.

    `fees_minor` is the part of `paid_minor` that went to fees. `balance_minor` is the principal
    at `ends_on`. `days_late` is the servicer's own figure: it is what we are compared with, and
    nothing is derived from it but the day of the month on which a loan falls due.
    """

    ends_on: date
    paid_minor: int
    fees_minor: int = 0
    balance_minor: int | None = None
    next_due_minor: int | None = None
    paid_through_on: date | None = None
    matures_in: date | None = None
    days_late: int | None = None
    is_repossessed: bool = False
    closing: Closing | None = None
    principal_minor: int = 0


@dataclass(frozen=True, slots=True)
class TapeLoan:
    """A loan and its months in order; the first month is the opening, known but not replayed.

    `rate_micro` is annual, in millionths. `level_minor` is the scheduled monthly payment.
    Months without a known day are given as the first of the month.
    """

    number: str
    series: str
    originated_in: date
    amount_minor: int
    rate_micro: int
    term_months: int
    first_due_in: date
    matures_in: date
    level_minor: int
    remaining_months: int
    make: str
    model: str
    model_year: int | None
    is_new: bool
    value_minor: int | None
    credit_score: int | None
    region: str
    months: tuple[TapeMonth, ...]

    @property
    def opening(self) -> TapeMonth:
        """The month at whose end the loan came to us."""
        return self.months[0]
