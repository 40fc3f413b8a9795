"""Schedules from terms, for contracts that come without instalments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from recoup.core.calendar.due_dates import add_months
from recoup.core.refusals import Refused
from recoup.core.schedule import (
    Instalment,
    ScheduleImpossible,
    ScheduleTerms,
    equal_instalment,
    equal_principal,
    interest_first,
)
from recoup.foundation import db
from recoup.modules.intake import staging
from recoup.modules.intake.rules import RowKind

# 尾款 and free schedules say more than the columns of a contract: send their instalments.
METHODS = {
    "EQUAL_INSTALMENT": equal_instalment,
    "EQUAL_PRINCIPAL": equal_principal,
    "INTEREST_FIRST": interest_first,
}
CONTRACTS_AT_ONCE = 2_000

WITHOUT_SCHEDULE = """
SELECT DISTINCT ON (j.contract_number) j.row_number, j.contract_number, j.currency,
       j.principal_minor, j.annual_rate_micro, j.term_months, j.method, j.signed_on, j.first_due_on
  FROM intake_judged_contracts j
 WHERE j.outcome <> 'B' AND j.contract_number > %(after)s
   AND NOT EXISTS (SELECT FROM ledger_due d WHERE d.contract_id = j.contract_id)
   AND NOT EXISTS (SELECT FROM intake_staged_instalments i
                    WHERE i.contract_number = j.contract_number)
 ORDER BY j.contract_number, j.row_number
 LIMIT %(most)s
"""
REFUSE = """
UPDATE intake_judged_contracts
   SET outcome = 'B', reasons = ARRAY[jsonb_build_array(
       'method', 'schedule_not_made', jsonb_build_object('problem', %(problem)s::text), '')]
 WHERE contract_number = %(number)s
"""


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """The columns of a contract a schedule is made from."""

    principal_minor: int
    annual_rate_micro: int
    term_months: int
    method: str
    signed_on: date | None
    first_due_on: date


def make_schedule(loan: LoanTerms) -> tuple[Instalment, ...]:
    """The instalments of a loan, due each month from its first due date.

    Interest is a twelfth of the year's per period. Raises ScheduleImpossible and the refusals of
    `recoup.core.schedule`.
    """
    method = METHODS.get(loan.method)
    if method is None:
        raise ScheduleImpossible(reason=f"{loan.method} needs its instalments")
    first = loan.first_due_on
    began_on = (
        loan.signed_on if loan.signed_on and loan.signed_on < first else add_months(first, -1)
    )
    return method(
        ScheduleTerms(
            principal_minor=loan.principal_minor,
            annual_rate_micro=loan.annual_rate_micro,
            began_on=began_on,
            due_dates=tuple(add_months(first, month) for month in range(loan.term_months)),
        )
    )


def stage_schedules() -> None:
    """Stage the instalments of every judged contract that has none, here or in the file."""
    after = ""
    while found := db.ask(WITHOUT_SCHEDULE, {"after": after, "most": CONTRACTS_AT_ONCE}):
        after = found[-1]["contract_number"]
        rows = [row for contract in found for row in _rows_or_refusal(contract)]
        staging.write_rows(RowKind.INSTALMENTS, rows)


def _rows_or_refusal(contract: dict[str, Any]) -> Iterator[list[object]]:
    names = LoanTerms.__slots__
    try:
        made = make_schedule(LoanTerms(**{name: contract[name] for name in names}))
    except Refused as no:
        with connection.cursor() as cursor:
            cursor.execute(REFUSE, {"problem": str(no), "number": contract["contract_number"]})
        return
    for due in made:
        yield [
            contract["row_number"],
            None,
            contract["contract_number"],
            due.seq,
            contract["currency"],
            due.due_on,
            due.principal_minor,
            due.interest_minor,
            *[None] * 4,
        ]
