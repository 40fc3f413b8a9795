"""How far two figures for the days past due of the same loans agree. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

BUCKETS = ("0", "1-30", "31-60", "61-90", "91+", "none")


@dataclass(frozen=True, slots=True)
class Compared:
    """One loan at one month end: the servicer's figure and ours, None for neither.

    `is_opening`: the first month, whose position was given to us. `shows_due_day`: the month the
    due day was read off, so that agreement there is no evidence.
    """

    number: str
    ends_on: date
    servicer: int | None
    ours: int | None
    is_opening: bool = False
    shows_due_day: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    of: str
    hits: int
    total: int

    @property
    def per_cent(self) -> float:
        """The share, 100 for nothing of nothing."""
        return 100 * self.hits / self.total if self.total else 100.0


def bucket(days: int | None) -> str:
    """The reference reports' names: 0, 1-30, … 91+, none for no figure."""
    if days is None:
        return "none"
    if days <= 0:
        return "0"
    return next((name for most, name in ((30, "1-30"), (60, "31-60"), (90, "61-90"))
                 if days <= most), "91+")  # fmt: skip


def shares(rows: Iterable[Compared]) -> tuple[Share, ...]:
    """Exact agreement and near agreement, on every month with a figure of the servicer's."""
    told = [(row.servicer, row.ours) for row in rows if row.servicer is not None]
    apart = [abs(servicer - ours) if ours is not None else None for servicer, ours in told]
    same = sum(bucket(servicer) == bucket(ours) for servicer, ours in told)
    return (
        Share("exact", sum(gap == 0 for gap in apart), len(told)),
        Share("within 1 day", sum(gap is not None and gap <= 1 for gap in apart), len(told)),
        Share("within 3 days", sum(gap is not None and gap <= 3 for gap in apart), len(told)),
        Share("same bucket", same, len(told)),
    )


def bucket_counts(days: Iterable[int | None]) -> dict[str, int]:
    """How many months stand in each bucket."""
    counted = Counter(bucket(each) for each in days)
    return {name: counted[name] for name in BUCKETS}


def roll_counts(histories: Iterable[Iterable[int | None]]) -> dict[str, dict[str, int]]:
    """From which bucket to which a loan went in a month, over all loans; each in time order."""
    counted = Counter(
        (bucket(before), bucket(after))
        for history in histories
        for before, after in pairwise(history)
    )
    return {was: {now: counted[was, now] for now in BUCKETS} for was in BUCKETS}


def by_loan(rows: Iterable[Compared]) -> Iterator[list[Compared]]:
    """The months of each loan in order."""
    ordered = sorted(rows, key=lambda row: (row.number, row.ends_on))
    for _, months in groupby(ordered, lambda row: row.number):
        yield list(months)


def differing(rows: Iterable[Compared]) -> list[Compared]:
    """Every month on which the figures are not the same."""
    return [row for row in rows if row.servicer is not None and row.servicer != row.ours]
