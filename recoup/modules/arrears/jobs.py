"""The night's question: what is overdue on every contract today? And again, when a past changed."""

from datetime import date, datetime
from pathlib import Path

from django.db import connection

from recoup.core import account as core
from recoup.core.account.position import overdue_states
from recoup.foundation import db
from recoup.modules.ledger.queries import loan_account

SQL = Path(__file__).parent / "sql"
BY_CORE = "SELECT contract_id, as_of FROM arrears_by_core ORDER BY contract_id, as_of"
KEEP = """
INSERT INTO arrears_corrected
       (as_of, contract_id, lender_id, dpd_raw, dpd_net, bucket, tier, unpaid_dues, oldest_due_on,
        principal_minor, interest_minor, cost_minor, penalty_minor, exposure_minor)
SELECT %s, contract_id, lender_id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
  FROM ledger_account WHERE contract_id = %s
"""


def snapshot_day(*, as_of: date) -> int:
    """Rewrite the arrears of one business day; return the number of contracts in arrears."""
    return db.run_sql(SQL / "snapshot_day.sql", as_of=as_of)


def correct_snapshots(*, as_of: date, at: datetime, night_is_over: bool) -> None:
    """Of accounts in `ledger_past`: the arrears of each night since, up to `as_of`, as known now.

    What the nights had found stays as history. Inside the transaction that posts.
    """
    db.run_sql(SQL / "correct_snapshots.sql", as_of=as_of, night_is_over=night_is_over)
    for row in db.ask(BY_CORE):
        _correct_by_core(row["contract_id"], row["as_of"])
    db.run_sql(SQL / "keep_corrected.sql", at=at)


def _correct_by_core(contract_id: int, day: date) -> None:
    """One account on one day, where a payment stood that was reversed later."""
    account = loan_account(contract_id=contract_id, as_of=day)
    where = core.position(account, day)
    if where.overdue_total == 0:
        return
    said: list[int | date | None] = [
        day,
        where.dpd_raw,
        where.dpd_net,
        where.bucket,
        int(where.tier),
        len(overdue_states(account, day)),
        where.oldest_due_on,
        where.overdue_principal,
        where.overdue_interest,
        where.overdue_cost,
        where.overdue_penalty,
        where.outstanding_principal,
        contract_id,
    ]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, said)
