"""Where our replay of a Fineract loan differs from what Fineract expects; empty if nowhere."""

from collections import Counter
from datetime import timedelta

from recoup.core.arrears import (
    DelinquencyRange,
    DelinquencyRanges,
    Pause,
    PauseCounting,
    delinquent_days,
    dpd_raw,
)
from tests.core.figures import day, minor
from tests.core.fineract_cases import Case
from tests.core.fineract_replay import (
    COST,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    Loan,
    Payment,
    Row,
    replayed,
)

GRACE_DAYS = 3
WHOLE_PAUSE = PauseCounting.WHOLE_PAUSE
_STARTS = {1: 1, 3: 4, 30: 31, 60: 61, 90: 91, 120: 121, 150: 151, 180: 181, 240: 241}
_ENDS = [*(start - 1 for start in list(_STARTS.values())[1:]), None]
RANGES = DelinquencyRanges(
    tuple(
        DelinquencyRange(f"RANGE_{name}", start, end)
        for (name, start), end in zip(_STARTS.items(), _ENDS, strict=True)
    )
)
PAID_AS = {
    "Repayment": {"REPAYMENT"},
    "Down Payment": {"DOWN_PAYMENT"},
    "Goodwill Credit": {"GOODWILL_CREDIT"},
    "Payout Refund": {"PAYOUT_REFUND"},
}


def schedule_rows(case: Case) -> list[dict[str, str]]:
    """The expected instalments; rows without a number are pay-outs."""
    return [row for row in case.expected if row["nr"]]


def schedule_differences(case: Case) -> list[str]:
    """By row of the schedule: dates, amounts, what was paid, when, and what is open."""
    ours, expected = replayed(case).rows, schedule_rows(case)
    found = [] if len(ours) == len(expected) else [f"{len(ours)} rows, not {len(expected)}"]
    for row, stated in zip(ours, expected, strict=False):
        columns = {name: value for name, value in _columns(row).items() if stated[name] != ""}
        off = {n: (v, stated[n]) for n, v in columns.items() if v != minor(stated[n])}
        if off or row.due != day(stated["due"]):
            found.append(f"row {stated['nr']} due {row.due} / {stated['due']}: {off}")
    return found


def _columns(row: Row) -> dict[str, int]:
    return {
        "principal": row.principal,
        "interest": row.interest,
        "fees": row.cost,
        "penalties": row.penalty,
        "due_total": sum(row.scheduled().values()),
        "paid": row.paid.total(),
        "in_advance": row.in_advance,
        "late": row.late,
        "outstanding": row.outstanding(),
    }


def transaction_rows(case: Case) -> list[dict[str, str]]:
    """The expected payments that stand."""
    rows = (row for row in case.expected if row["reverted"] != "true")
    return [row for row in rows if row["type"] in PAID_AS]


def transaction_differences(case: Case) -> list[str]:
    """By payment: how it splits into principal, interest, fees and penalties."""
    loan, found = replayed(case), list[str]()
    waiting, undone = loan.payments, loan.undone
    for stated in transaction_rows(case):
        payment = next((p for p in waiting if _is(p, stated)), None)
        if payment is None and stated["reverted"] == "" and any(_is(p, stated) for p in undone):
            continue  # this table does not say which of its rows were reversed
        if payment is None:
            found.append(f"no {stated['type']} of {stated['date']}")
            continue
        waiting.remove(payment)
        names = {"principal": PRINCIPAL, "interest": INTEREST, "fees": COST, "penalties": PENALTY}
        split = {name: payment.settled[component] for name, component in names.items()}
        if any(amount != minor(stated[name]) for name, amount in split.items()):
            found.append(f"{stated['type']} of {stated['date']}: {split}, not {stated}")
    return found


def _is(payment: Payment, stated: dict[str, str]) -> bool:
    same_type = payment.of_type in PAID_AS[stated["type"]]
    return same_type and (payment.on, payment.minor) == (
        day(stated["date"]),
        minor(stated["amount"]),
    )


def delinquency_rows(case: Case) -> list[dict[str, str]]:
    """The expectations we meet: days of the loan; ranges where nothing was ever paused.

    While a pause runs Fineract names no range, and the range it shows is that of its last close
    of business.
    """
    paused = case.named("delinquency_pause")
    return [row for row in case.expected if row["past_due_days"] or not paused]


def delinquency_differences(case: Case) -> list[str]:
    """Days past due, delinquent days after grace and pauses, since when, how much, which range."""
    loan, as_of = replayed(case), day(case.as_of)
    rows = loan.rows if case.disbursements() else []
    late = [row for row in rows if row.due < as_of and row.outstanding()]
    oldest = min((row.due for row in late), default=None)
    delinquent = delinquent_days(oldest, as_of, GRACE_DAYS, _pauses(loan), WHOLE_PAUSE)
    ours = {
        "past_due_days": str(dpd_raw(oldest, as_of)),
        "delinquent_days": str(delinquent),
        "delinquent_date": str(oldest + timedelta(days=GRACE_DAYS)) if oldest else "",
        "amount": str(sum(row.outstanding() for row in late)),
        "range": RANGES.code_of(delinquent) or "NO_DELINQUENCY",
    }
    by_range = Counter[str]()
    for row in late:
        by_range[RANGES.code_of(dpd_raw(row.due, as_of)) or ""] += row.outstanding()
    found = list[str]()
    for row in delinquency_rows(case):
        stated = _stated(row)
        if row["level"] == "installment":
            allowed = set(by_range.items()) or {("", 0)}
            off = (stated["range"], int(stated["amount"])) not in allowed
        else:
            off = any(ours[name] != value for name, value in stated.items())
        if off:
            found.append(f"{ours} and {by_range}, not {stated}")
    return found


def _stated(row: dict[str, str]) -> dict[str, str]:
    """What a row states, in our form."""
    if row["level"] == "installment":
        return {"range": row["range"], "amount": str(minor(row["amount"]))}
    if row["level"] == "loan_range":
        return {"range": row["range"], "delinquent_date": row["delinquent_date"]}
    return {
        "past_due_days": str(int(float(row["past_due_days"]))),
        "delinquent_days": str(int(float(row["delinquent_days"]))),
        "delinquent_date": row["delinquent_date"].replace("null", ""),
        "amount": str(minor(row["amount"])),
    }


def _pauses(loan: Loan) -> list[Pause]:
    pauses = list[Pause]()
    for event in loan.case.named("delinquency_pause", "delinquency_resume"):
        if event["ev"] == "delinquency_pause":
            pauses.append(Pause(day(event["start"]), day(event["end"])))
        else:
            pauses[-1] = Pause(pauses[-1].from_on, day(event["date"]))
    return pauses
