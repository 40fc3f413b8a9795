"""docs/security/asvs.md: every requirement of levels 1 and 2 once, met by something that is."""

import re
from collections import Counter
from pathlib import Path

PAGE = Path("docs/security/asvs.md")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.*) \|$", re.MULTILINE)
STATES = {"met", "partly", "not met", "not applicable"}
# Section, then each requirement of level 1 or 2 with its level: ASVS 5.0.0.
NUMBERS = """
1.1 1:2 2:2 / 1.2 1:1 2:1 3:1 4:1 5:1 6:2 7:2 8:2 9:2
1.3 1:1 2:1 3:2 4:2 5:2 6:2 7:2 8:2 9:2 10:2 11:2 / 1.4 1:2 2:2 3:2 / 1.5 1:1 2:2
2.1 1:1 2:2 3:2 / 2.2 1:1 2:1 3:2 / 2.3 1:1 2:2 3:2 4:2 / 2.4 1:2
3.2 1:1 2:1 / 3.3 1:1 2:2 3:2 4:2 / 3.4 1:1 2:1 3:2 4:2 5:2 6:2 / 3.5 1:1 2:1 3:1 4:2 5:2
3.7 1:2 2:2 / 4.1 1:1 2:2 3:2 / 4.2 1:2 / 4.3 1:2 2:2 / 4.4 1:1 2:2 3:2 4:2
5.1 1:2 / 5.2 1:1 2:1 3:2 / 5.3 1:1 2:1 / 5.4 1:2 2:2 3:2
6.1 1:1 2:2 3:2 / 6.2 1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1 9:2 10:2 11:2 12:2
6.3 1:1 2:1 3:2 4:2 / 6.4 1:1 2:1 3:2 4:2 / 6.5 1:2 2:2 3:2 4:2 5:2 / 6.6 1:2 2:2 3:2
6.8 1:2 2:2 3:2 4:2 / 7.1 1:2 2:2 3:2 / 7.2 1:1 2:1 3:1 4:1 / 7.3 1:2 2:2
7.4 1:1 2:1 3:2 4:2 5:2 / 7.5 1:2 2:2 / 7.6 1:2 2:2
8.1 1:1 2:2 / 8.2 1:1 2:1 3:2 / 8.3 1:1 / 8.4 1:2 / 9.1 1:1 2:1 3:1 / 9.2 1:1 2:2 3:2 4:2
10.1 1:2 2:2 / 10.2 1:2 2:2 / 10.3 1:2 2:2 3:2 4:2
10.4 1:1 2:1 3:1 4:1 5:1 6:2 7:2 8:2 9:2 10:2 11:2 / 10.5 1:2 2:2 3:2 4:2 5:2
10.6 1:2 2:2 / 10.7 1:2 2:2 3:2
11.1 1:2 2:2 / 11.2 1:2 2:2 3:2 / 11.3 1:1 2:1 3:2 / 11.4 1:1 2:2 3:2 4:2 / 11.5 1:2 / 11.6 1:2
12.1 1:1 2:2 3:2 / 12.2 1:1 2:1 / 12.3 1:2 2:2 3:2 4:2
13.1 1:2 / 13.2 1:2 2:2 3:2 4:2 5:2 / 13.3 1:2 2:2 / 13.4 1:1 2:2 3:2 4:2 5:2
14.1 1:2 2:2 / 14.2 1:1 2:2 3:2 4:2 / 14.3 1:1 2:2 3:2
15.1 1:1 2:2 3:2 / 15.2 1:1 2:2 3:2 / 15.3 1:1 2:2 3:2 4:2 5:2 6:2 7:2
16.1 1:2 / 16.2 1:2 2:2 3:2 4:2 5:2 / 16.3 1:2 2:2 3:2 4:2 / 16.4 1:2 2:2 3:2
16.5 1:2 2:2 3:2 / 17.1 1:2 / 17.2 1:2 2:2 3:2 4:2 / 17.3 1:2 2:2
"""


def demanded() -> dict[str, int]:
    """Every requirement's number and level."""
    found = dict[str, int]()
    for section in re.split(r"[/\n]", NUMBERS):
        name, *rest = section.split() or [""]
        found |= {f"{name}.{n}": int(level) for n, level in (one.split(":") for one in rest)}
    return found


def rows() -> list[tuple[str, str, str, str, str]]:
    return ROW.findall(PAGE.read_text())


def test_there_are_as_many_as_the_standard_says() -> None:
    assert Counter(demanded().values()) == {1: 70, 2: 183}


def test_every_number_stands_here_once_with_its_level() -> None:
    assert Counter(number for number, *_ in rows()) == Counter(list(demanded()))
    assert {number: int(level) for number, level, *_ in rows()} == demanded()


def test_every_state_is_one_of_four_and_what_is_met_says_by_what() -> None:
    for number, _, what, state, how in rows():
        assert state in STATES, number
        assert what, number
        assert how, number


def test_the_counts_at_the_top_are_those_of_the_table() -> None:
    said = dict(re.findall(r"^\| ([a-z ]+) \| (\d+) \|$", PAGE.read_text(), re.MULTILINE))

    counted = Counter(state for *_, state, _ in rows())
    assert {state: int(number) for state, number in said.items()} == {
        state: counted[state] for state in STATES
    }


def test_what_holds_the_access_rules_is_a_test_not_a_promise() -> None:
    """In these chapters a requirement that is met names a test."""
    without = [
        number
        for number, _, _, state, how in rows()
        if state == "met" and number.startswith("8.2.") and ".py::test_" not in how
    ]

    assert without == []
