"""Schedules: from the terms of a loan to its instalments, by methods with a name."""

from recoup.core.schedule.agreed import InstalmentsInconsistent, free
from recoup.core.schedule.methods import (
    balloon,
    equal_instalment,
    equal_principal,
    flat,
    interest_first,
)
from recoup.core.schedule.terms import (
    Instalment,
    InstalmentBelowInterest,
    ScheduleImpossible,
    ScheduleTerms,
)
from recoup.core.schedule.tranches import Tranche, equal_instalment_in_tranches

__all__ = [
    "Instalment",
    "InstalmentBelowInterest",
    "InstalmentsInconsistent",
    "ScheduleImpossible",
    "ScheduleTerms",
    "Tranche",
    "balloon",
    "equal_instalment",
    "equal_instalment_in_tranches",
    "equal_principal",
    "flat",
    "free",
    "interest_first",
]
