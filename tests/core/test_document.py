"""docs/loan-mathematics.md says what the code does: its examples run, its tables are current."""

import doctest

from tests.core.loan_maths_report import DOCUMENT, written


def test_the_examples_of_the_document_come_out():
    result = doctest.testfile(
        str(DOCUMENT),
        module_relative=False,
        encoding="utf-8",
        optionflags=doctest.NORMALIZE_WHITESPACE,
    )

    assert result.attempted > 20
    assert result.failed == 0


def test_the_tables_of_the_document_are_those_of_the_report():
    document = DOCUMENT.read_text(encoding="utf-8")

    assert written(document) == document
