"""docs/plans.md says what the code does: its examples run."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "docs" / "plans.md"


def test_the_examples_of_the_document_come_out():
    result = doctest.testfile(
        str(DOCUMENT),
        module_relative=False,
        encoding="utf-8",
        optionflags=doctest.NORMALIZE_WHITESPACE,
    )

    assert result.attempted > 10
    assert result.failed == 0
