"""Reading tapes: the monthly loan-level layout (CSV), and the panel made of it (Parquet)."""

import gzip
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.csv as arrow_csv
from pyarrow import parquet

from recoup.core.calendar import month_end
from recoup.modules.intake.abs_ee.tape import Closing, TapeLoan, TapeMonth

Row = Mapping[str, Any]
NEW_VEHICLE = 1
CHARGED_OFF = 4  # zeroBalanceCode
SCHEDULED = "reportingPeriodScheduledPaymentAmount"


def read_monthly(file: Path) -> tuple[TapeLoan, ...]:
    """Loans of a tape with one row per loan and month, every field as text."""
    raw = file.read_bytes()
    text = gzip.decompress(raw) if file.suffix == ".gz" else raw
    names = text.split(b"\n", 1)[0].decode().strip().split(",")
    options = arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, "string"))
    rows = arrow_csv.read_csv(io.BytesIO(text), convert_options=options).to_pylist()
    rows.sort(key=lambda row: (_number(row), day(row["reportingPeriodEndingDate"])))
    return tuple(_monthly_loan(list(group)) for _, group in groupby(rows, _number))


def _number(row: Row) -> str:
    """The loan's number: asset numbers repeat between trusts, so a tape of several has an `id`."""
    return str(row.get("id") or row["assetNumber"]).replace(" ", "")


def _monthly_loan(rows: Sequence[Row]) -> TapeLoan:
    first = rows[0]
    level = next((cents(row[SCHEDULED]) for row in rows if cents(row[SCHEDULED])), 0)
    return TapeLoan(
        number=_number(first),
        series=str(first.get("trust") or first["originatorName"]).removesuffix(" Data Tape"),
        originated_in=month(first["originationDate"]),
        level_minor=level or 0,
        remaining_months=int(first["remainingTermToMaturityNumber"]),
        region=str(first["obligorGeographicLocation"] or ""),
        months=tuple(_reported(row) for row in rows),
        **_terms(first),
    )


def _terms(row: Row) -> dict[str, Any]:
    """The fields both layouts call alike."""
    return {
        "amount_minor": cents(row["originalLoanAmount"]) or 0,
        "rate_micro": int(Decimal(str(row["originalInterestRatePercentage"])) * 1_000_000),
        "term_months": int(row["originalLoanTerm"]),
        "first_due_in": month(row["originalFirstPaymentDate"]),
        "matures_in": month(row["loanMaturityDate"]),
        "make": str(row["vehicleManufacturerName"] or "").strip(),
        "model": str(row["vehicleModelName"] or "").strip(),
        "model_year": whole(row["vehicleModelYear"]),
        "is_new": whole(row["vehicleNewUsedCode"]) == NEW_VEHICLE,
        "value_minor": cents(row["vehicleValueAmount"]),
        "credit_score": whole(row["obligorCreditScore"]),
    }


def _reported(row: Row) -> TapeMonth:
    """One row of the monthly layout."""
    ends_on = day(row["reportingPeriodEndingDate"])
    scheduled, next_due = cents(row[SCHEDULED]), cents(row["nextReportingPeriodPaymentAmountDue"])
    return TapeMonth(
        ends_on=ends_on,
        paid_minor=cents(row["totalActualAmountPaid"]) or 0,
        fees_minor=cents(row["actualOtherCollectedAmount"]) or 0,
        balance_minor=cents(row["reportingPeriodActualEndBalanceAmount"]),
        next_due_minor=next_due if scheduled else None,
        paid_through_on=_day_or_none(row["interestPaidThroughDate"]),
        matures_in=month(row["loanMaturityDate"]),
        days_late=whole(row["currentDelinquencyStatus"]),
        is_repossessed=str(row["repossessedIndicator"]).lower() == "true",
        closing=_closing(row),
        principal_minor=cents(row["actualPrincipalCollectedAmount"]) or 0,
    )


def _closing(row: Row) -> Closing | None:
    code = whole(row["zeroBalanceCode"])
    if code == CHARGED_OFF or (cents(row["chargedoffPrincipalAmount"]) or 0) > 0:
        return Closing.CHARGED_OFF
    return Closing.SETTLED if code is not None else None


PANEL_TERMS = (
    "loan_id",
    "deal",
    "originationDate",
    "originalLoanAmount",
    "originalInterestRatePercentage",
    "originalLoanTerm",
    "originalFirstPaymentDate",
    "loanMaturityDate",
    "vehicleManufacturerName",
    "vehicleModelName",
    "vehicleModelYear",
    "vehicleNewUsedCode",
    "vehicleValueAmount",
    "obligorCreditScore",
    "obligorGeographicLocation",
    "charge_off_month",
)
PANEL_OPENING = (
    "reportingPeriodEndingDate",
    SCHEDULED,
    "totalActualAmountPaid",
    "reportingPeriodActualEndBalanceAmount",
    "nextReportingPeriodPaymentAmountDue",
    "interestPaidThroughDate",
    "currentDelinquencyStatus",
    "remainingTermtoMaturityNumber",
)
PANEL_MONTH = (
    "loan_id",
    "k",
    "month",
    "end_balance",
    "principal_paid",
    "total_paid",
    "repo_proceeds",
)


def read_panel(loans_file: Path, months_file: Path) -> tuple[TapeLoan, ...]:
    """Loans of a panel: one row of terms and opening each, and one row per later month."""
    loans = parquet.read_table(loans_file, columns=[*PANEL_TERMS, *PANEL_OPENING]).to_pylist()
    months = parquet.read_table(months_file, columns=list(PANEL_MONTH)).to_pylist()
    months.sort(key=lambda row: (row["loan_id"], row["k"]))
    by_loan = {loan: list(rows) for loan, rows in groupby(months, lambda row: row["loan_id"])}
    return tuple(_panel_loan(row, by_loan.get(row["loan_id"], [])) for row in loans)


def _panel_loan(row: Row, months: Sequence[Row]) -> TapeLoan:
    opening = TapeMonth(
        ends_on=day(row["reportingPeriodEndingDate"]),
        paid_minor=cents(row["totalActualAmountPaid"]) or 0,
        balance_minor=cents(row["reportingPeriodActualEndBalanceAmount"]),
        next_due_minor=cents(row["nextReportingPeriodPaymentAmountDue"]),
        paid_through_on=_day_or_none(row["interestPaidThroughDate"]),
        days_late=whole(row["currentDelinquencyStatus"]),
    )
    return TapeLoan(
        number=str(row["loan_id"]),
        series=str(row["deal"]),
        originated_in=month(row["originationDate"]),
        level_minor=cents(row[SCHEDULED]) or 0,
        remaining_months=int(row["remainingTermtoMaturityNumber"]),
        region=str(row["obligorGeographicLocation"] or ""),
        months=(opening, *_panel_months(months, whole(row["charge_off_month"]))),
        **_terms(row),
    )


def _panel_months(rows: Iterable[Row], charged_off_in: int | None) -> Iterator[TapeMonth]:
    for row in rows:
        year, number = (int(part) for part in row["month"].split("-"))
        balance = cents(row["end_balance"])
        closing = Closing.SETTLED if balance is not None and balance <= 0 else None
        if charged_off_in is not None and row["k"] >= charged_off_in:
            closing = Closing.CHARGED_OFF
        yield TapeMonth(
            ends_on=month_end(date(year, number, 1)),
            paid_minor=cents(row["total_paid"]) or 0,
            balance_minor=balance,
            closing=closing,
            is_repossessed=bool(row["repo_proceeds"]),
            principal_minor=cents(row["principal_paid"]) or 0,
        )


def cents(value: object) -> int | None:
    """Minor units of an amount with decimals, half up; None if there is none."""
    if _is_missing(value):
        return None
    if isinstance(value, float):
        return round(value * 100)  # cents as the panel keeps them: no half to round
    return int((Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def whole(value: object) -> int | None:
    """A whole number, None if there is none."""
    return None if _is_missing(value) else int(Decimal(str(value)))


def _is_missing(value: object) -> bool:
    return value in (None, "", "-") or value != value  # noqa: PLR0124 — NaN is not itself


def day(text: str) -> date:
    """A day written 2017-01-31 or, as in the filings, 01-31-2017."""
    if text[4:5] == "-":
        return date.fromisoformat(text)
    number, of_month, year = (int(part) for part in text.split("-"))
    return date(year, number, of_month)


def _day_or_none(text: object) -> date | None:
    return None if _is_missing(text) else day(str(text))


def month(text: str) -> date:
    """The first of a month written 01/2017."""
    number, year = (int(part) for part in text.split("/"))
    return date(year, number, 1)
