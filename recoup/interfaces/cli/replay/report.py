"""What a replay found, as Markdown: the same text is printed, kept in docs/ and held by a test."""

from collections.abc import Iterable, Iterator, Sequence

from recoup.interfaces.cli.replay.agreement import BUCKETS, Compared, Share


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A Markdown table; the first column is text, the others are figures."""
    yield "| " + " | ".join(heads) + " |"
    yield "| --- |" + " ---: |" * (len(heads) - 1)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
    yield ""


def share_table(columns: dict[str, tuple[Share, ...]]) -> Iterator[str]:
    """Shares of the same kinds, one column per set of months."""
    kinds = next(iter(columns.values()))
    yield from table(
        ("Days past due", *columns),
        (
            (kind.of, *(_share(shares[place]) for shares in columns.values()))
            for place, kind in enumerate(kinds)
        ),
    )


def _share(share: Share) -> str:
    return f"{share.hits} of {share.total} ({share.per_cent:.2f} %)"


def bucket_table(reference: dict[str, int], ours: dict[str, int]) -> Iterator[str]:
    """Loan-months by bucket beside the servicer's."""
    yield from table(
        ("Bucket", "servicer", "ours"), ((name, reference[name], ours[name]) for name in BUCKETS)
    )


def roll_table(
    reference: dict[str, dict[str, int]], ours: dict[str, dict[str, int]]
) -> Iterator[str]:
    """Roll counts cell by cell: one figure where both agree, else **theirs → ours**."""
    yield from table(
        ("from \\ to", *BUCKETS),
        (
            (was, *(_cell(reference[was][now], ours[was][now]) for now in BUCKETS))
            for was in BUCKETS
        ),
    )


def _cell(reference: int, ours: int) -> str:
    return str(ours) if reference == ours else f"**{reference} → {ours}**"


def difference_table(rows: Iterable[Compared]) -> Iterator[str]:
    """Every month on which the figures differ."""
    yield from table(
        ("Loan", "Month end", "servicer", "ours"),
        ((row.number, row.ends_on, row.servicer, row.ours) for row in rows),
    )
