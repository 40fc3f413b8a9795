"""What a measurement found, beside what it had to reach."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; `met` is None where there is no bar."""

    what: str
    value: str
    bar: str = ""
    met: bool | None = None
    detail: str = ""

    @property
    def verdict(self) -> str:
        """Whether the bar is met, in a word."""
        return {None: "", True: "yes", False: "**no**"}[self.met]


def seconds(samples: Sequence[float]) -> str:
    """Median and spread."""
    middle = statistics.median(samples)
    return f"{middle:.2f} s ({min(samples):.2f}–{max(samples):.2f})"


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below which `share` of them lie."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| Figure | Measured | Bar | Met | Detail |", "|---|---|---|---|---|"]
    lines += [f"| {f.what} | {f.value} | {f.bar} | {f.verdict} | {f.detail} |" for f in figures]
    return "\n".join(lines)
