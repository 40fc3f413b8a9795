"""Fineract's loans come out the same: schedules, splits of payments, days of delinquency."""

import pytest

from tests.core.fineract_cases import Case, cases, out_of_scope
from tests.core.fineract_check import (
    delinquency_differences,
    delinquency_rows,
    schedule_differences,
    transaction_differences,
    transaction_rows,
)


def in_scope(file: str, rows=lambda case: case.expected) -> list[Case]:
    return [case for case in cases(file) if rows(case) and out_of_scope(case) is None]


@pytest.mark.parametrize("case", in_scope("fineract_schedule_rows.csv"), ids=lambda case: case.id)
def test_the_schedule_after_all_events_is_that_of_fineract(case):
    assert schedule_differences(case) == []


@pytest.mark.parametrize(
    "case", in_scope("fineract_transaction_rows.csv", transaction_rows), ids=lambda case: case.id
)
def test_each_payment_splits_as_in_fineract(case):
    assert transaction_differences(case) == []


@pytest.mark.parametrize(
    "case", in_scope("fineract_delinquency_rows.csv", delinquency_rows), ids=lambda case: case.id
)
def test_delinquency_is_that_of_fineract(case):
    assert delinquency_differences(case) == []
