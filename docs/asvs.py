"""Count the table of docs/security/asvs.md: how much is met, and what holds it.

    python -m docs.asvs            prints the counts
    python -m docs.asvs --write    puts them at the head of the page

What is met, wholly or partly, is held by a test that is named (`file.py::test`), or is a matter of
process: then it begins with that word.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "security" / "asvs.md"
STATES = ("met", "partly", "not met", "not applicable")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.*) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/.]+\.py)::(\w+)`")
COUNTS = re.compile(r"(?<=<!-- counts -->\n).*?(?=<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement of the standard, and where we stand."""

    number: str
    level: int
    what: str
    state: str
    how: str

    @property
    def tests(self) -> list[tuple[str, str]]:
        """(file, function) of every test that is named."""
        return TEST.findall(self.how)

    @property
    def held_by(self) -> str:
        """What would be noticed by whom if it broke."""
        if self.how.startswith("process"):  # a tool that is tested may serve it
            return "process"
        return "a test" if self.tests else "nothing"


def rows() -> list[Row]:
    """Every line of the table."""
    return [Row(n, int(level), *rest) for n, level, *rest in ROW.findall(PAGE.read_text())]


def counts() -> str:
    """The table of counts, as it stands at the head of the page."""
    lines = ["| State | Requirements | held by a test | process |", "|---|---|---|---|"]
    for state in STATES:
        those = [row for row in rows() if row.state == state]
        held = [sum(row.held_by == by for row in those) for by in ("a test", "process")]
        shown = ["–", "–"] if state == "not applicable" else [str(number) for number in held]
        lines.append(f"| {state} | {len(those)} | {shown[0]} | {shown[1]} |")
    tests = {test for row in rows() for test in row.tests}
    return "\n".join([*lines, "", f"{len(tests)} tests are named."]) + "\n"


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(COUNTS.sub(lambda _: counts(), PAGE.read_text()))
    sys.stdout.write(counts())
