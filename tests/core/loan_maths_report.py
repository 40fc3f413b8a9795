"""How much of the figures of other systems we meet, as Markdown.

`python -m tests.core.loan_maths_report` prints the tables; with `--write` they replace those in
docs/loan-mathematics.md.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.core import (
    test_annuity,
    test_arrears,
    test_calendar,
    test_dunning,
    test_penalty,
    test_rates,
    test_schedule,
)
from tests.core.figures import records, table
from tests.core.fineract_cases import Case, cases, out_of_scope
from tests.core.fineract_check import (
    delinquency_differences,
    delinquency_rows,
    schedule_differences,
    schedule_rows,
    transaction_differences,
    transaction_rows,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "loan-mathematics.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
Rows = Callable[[Case], list[dict[str, str]]]
Check = Callable[[Case], list[str]]
FINERACT: dict[str, tuple[str, Rows, Check]] = {
    "schedules": ("fineract_schedule_rows.csv", schedule_rows, schedule_differences),
    "payments": ("fineract_transaction_rows.csv", transaction_rows, transaction_differences),
    "delinquency": ("fineract_delinquency_rows.csv", delinquency_rows, delinquency_differences),
}


def report() -> str:
    """All tables."""
    return "\n".join((_by_file(), _by_family(), _by_reason()))


def _met(check: Callable[..., Any], given: Iterable[tuple[Any, ...]]) -> list[bool]:
    """Which of the given figures pass the test that checks them."""
    found = list[bool]()
    for arguments in given:
        try:
            check(*arguments)
        except AssertionError:
            found.append(False)
        else:
            found.append(True)
    return found


def _one_each(name: str) -> list[tuple[Any, ...]]:
    rows: Iterable[Any] = table(name) if name.endswith("csv") else records(name)
    return [(row,) for row in rows]


def _frappe() -> list[bool]:
    tests: tuple[Callable[..., Any], ...] = (
        test_schedule.test_the_schedule_of_frappe_rounds_its_instalment_up,
        test_schedule.test_the_first_instalment_of_frappe_is_paid_interest_first,
        test_schedule.test_thirty_days_of_interest_are_those_of_frappe,
        test_penalty.test_frappe_reckons_the_same_penalty,
        test_arrears.test_frappe_counts_the_same_days_and_calls_them_by_its_own_names,
    )
    dates = [(case,) for case in test_calendar.FRAPPE_DATES]
    return [
        *(met for test in tests for met in _met(test, [()])),
        *_met(test_calendar.test_due_dates_are_those_of_frappe, dates),
    ]


def _oca() -> list[bool]:
    boundary = [(case,) for case in test_dunning.CASES if "delay" in case]
    return [
        *_met(test_dunning.test_the_boundary_day_is_that_of_oca, boundary),
        *_met(test_dunning.test_a_due_of_a_year_ago_meets_one_level_in_one_run_as_in_oca, [()]),
    ]


def _by_file() -> str:
    day_counts = [
        (row, rule)
        for row in table("daycount_quantlib.csv")
        for rule in test_calendar.QUANTLIB_RULES
    ]
    counted = {
        "`annuity_npf.csv`: payment, parts, balance": _met(
            test_annuity.test_parts_and_balances_are_those_of_numpy_financial,
            _one_each("annuity_npf.csv"),
        ),
        "`excel_examples.csv`: spreadsheet examples": _met(
            test_annuity.test_the_documented_examples_of_the_spreadsheet_come_out,
            _one_each("excel_examples.csv"),
        ),
        "`irr_pyxirr.csv`: rates of return": _met(
            test_rates.test_rates_of_loans_with_a_fee_are_those_of_pyxirr,
            _one_each("irr_pyxirr.csv"),
        ),
        "`daycount_quantlib.csv`: periods by six rules": _met(
            test_calendar.test_days_and_parts_of_a_year_are_those_of_quantlib, day_counts
        ),
        "`due_dates_quantlib.csv`: due dates": _met(
            test_calendar.test_due_dates_are_those_of_quantlib, _one_each("due_dates_quantlib.csv")
        ),
        "`fineract_emi_cases.jsonl`: equal instalments, one for its interest only": _met(
            test_schedule.test_equal_instalments_are_those_of_fineract,
            _one_each("fineract_emi_cases.jsonl"),
        ),
        "`frappe_cases.jsonl`": _frappe(),
        "`oca_dunning_cases.jsonl`": _oca(),
    }
    rows = [(name, len(found), sum(found)) for name, found in counted.items()]
    return _table(("Figures", "Checked", "Met"), rows)


def _by_family() -> str:
    rows = list[tuple[object, ...]]()
    for kind, (file, rows_of, check) in FINERACT.items():
        counts = dict[str, Counter[str]]()
        for case in cases(file):
            stated = len(rows_of(case))
            if stated == 0:
                continue
            count = counts.setdefault(family(case), Counter())
            count["cases"] += 1
            if out_of_scope(case) is None:
                off = len(check(case))
                count.update(scope=1, met=off == 0, rows=stated, rows_met=max(0, stated - off))
        for name in sorted(counts):
            count = counts[name]
            columns = (count[key] for key in ("cases", "scope", "met", "rows", "rows_met"))
            rows.append((kind, name, *columns))
    totals = [sum(int(str(row[n])) for row in rows) for n in range(2, 7)]
    head = ("Fineract", "Family", "Cases", "In scope", "Met", "Rows in scope", "Rows met")
    return _table(head, [*rows, ("all", "", *totals)])


def _by_reason() -> str:
    counts = dict[str, Counter[str]]()
    for kind, (file, rows_of, _) in FINERACT.items():
        for case in cases(file):
            reason = out_of_scope(case)
            if reason is not None and rows_of(case):
                counts.setdefault(reason, Counter())[kind] += 1
    rows = [
        (reason, *(counts[reason][kind] for kind in FINERACT))
        for reason in sorted(counts, key=lambda reason: -counts[reason].total())
    ]
    return _table(("Out of scope because", *FINERACT), rows)


def family(case: Case) -> str:
    """The kind of loan a Fineract product is."""
    if "RECALCULATION" in case.product:
        return "interest recalculated from day to day"
    if "DOWNPAYMENT" in case.product:
        if case.loan["strategy"] != "ADVANCED_PAYMENT_ALLOCATION":
            return "down payment; what is due, then in advance"
        return f"down payment; advanced allocation, {_direction(case)}"
    if not case.loan["annual_rate_pct"]:
        return "no interest"
    flat = case.loan["interest_type"] == "FLAT"
    return "flat interest" if flat else "interest on the balance"


def _direction(case: Case) -> str:
    return "component by component" if "VERTICAL" in case.product else "due by due"


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def written(document: str) -> str:
    """The document with its tables replaced by the present ones."""
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{report()}\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(report())
