"""A schedule agreed freely: its rows are given, and only checked."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from recoup.core.refusals import Refused
from recoup.core.schedule.terms import Instalment


class InstalmentsInconsistent(Refused):
    """The given rows contradict themselves or the principal."""

    code = "instalments_inconsistent"
    message = "These instalments cannot be a schedule: %(reasons)s."


def free(
    rows: Sequence[Instalment], principal_minor: int, began_on: date
) -> tuple[Instalment, ...]:
    """The rows themselves if they are a schedule of `principal_minor` from `began_on` on.

    They are numbered 1, 2, …, their due dates ascend from `began_on` on (the first may fall on
    it, as a down payment does), no amount is negative, and the principal parts add up.
    Raises InstalmentsInconsistent with every reason.
    """
    days = [row.due_on for row in rows]
    parts = sum(row.principal_minor for row in rows)
    reasons = [
        reason
        for wrong, reason in (
            (not rows, "there are none"),
            ([row.seq for row in rows] != list(range(1, len(rows) + 1)), "numbers do not run on"),
            (any(later <= day for day, later in pairwise(days)), "due dates do not ascend"),
            (bool(days) and days[0] < began_on, "the first is due before the loan begins"),
            (any(min(r.principal_minor, r.interest_minor) < 0 for r in rows), "one is negative"),
            (parts != principal_minor, f"principal adds up to {parts}, not {principal_minor}"),
        )
        if wrong
    ]
    if reasons:
        raise InstalmentsInconsistent(reasons="; ".join(reasons))
    return tuple(rows)
