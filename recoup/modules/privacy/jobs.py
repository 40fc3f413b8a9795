"""Deletions on sets, in batches: each batch is one transaction, so a killed one goes on."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from recoup.foundation import audit, db
from recoup.foundation.audit import Act
from recoup.foundation.filestore import queries as filestore
from recoup.foundation.filestore.services import erase
from recoup.modules.privacy import erased, models, rules
from recoup.modules.privacy.rules import RestrictionCause, RunEvent, RunState

SQL = Path(__file__).parent / "sql"
DUE = (SQL / "due.sql").read_text()
PLAN = (SQL / "plan.sql").read_text().replace("{due}", DUE)
RESTRICT = db.statements((SQL / "restrict_due.sql").read_text().replace("{due}", DUE))
FREE = (SQL / "free_revived.sql").read_text()
SWEEP = "SELECT access_sweep(%(run_id)s, %(limit)s, %(at)s, %(day)s)"
BATCH = 500


@db.use_case()
def restrict_due(*, as_of: date, at: datetime) -> int:
    """Keep, and no longer use, what the schedules say is over; set free what is in use again.

    Returns how many restrictions of the schedules stand then. Whether a hold keeps something from
    being deleted makes no difference: it is kept, and not used.
    """
    lenders = [row["id"] for row in db.ask("SELECT id FROM parties_lender")]
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"at": at})
        for statement in RESTRICT:
            cursor.execute(statement, {"at": at, "as_of": as_of, "lender_ids": lenders})
    return models.Restriction.objects.filter(cause=RestrictionCause.TERM, lifted_at=None).count()


@db.use_case()
def list_due(*, run_id: int) -> None:
    """The dry run: write down what the schedules say is to be forgotten, and what a hold keeps."""
    run = models.ErasureRun.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.LISTING:
        return
    with connection.cursor() as cursor:
        cursor.execute(PLAN, {"run_id": run.pk, "as_of": run.as_of, "lender_ids": run.lender_ids})
    run.state = rules.next_run_state(RunState.LISTING, RunEvent.LIST)
    run.save(update_fields=["state"])


def erase_files(*, as_of: date, at: datetime) -> int:
    """Erase the files whose own day is over, but for those that a legal hold keeps; how many."""
    gone = 0
    for file in filestore.due_for_erasure(as_of=as_of):
        if not _is_held(file.contract_id, file.lender_id, as_of):
            erase(file.id, reason="term_over", at=at)
            gone += 1
    return gone


def _is_held(contract_id: int | None, lender_id: int, day: date) -> bool:
    asked = {"contract": contract_id, "lender": lender_id, "day": day}
    sql = "SELECT access_is_held('NOTES', %(contract)s::bigint, %(lender)s, %(day)s) AS is_held"
    return bool(db.ask(sql, asked)[0]["is_held"])


def forget(*, run_id: int, clock: Callable[[], datetime], batch: int = BATCH) -> int:
    """Forget what an approved deletion lists; how many items were looked at.

    Safe to run again after a kill: what is done is done, the next batch follows.
    """
    total = 0
    while done := _sweep(run_id, clock(), batch):
        total += done
    _finish(run_id, clock())
    return total


@db.use_case()
def _sweep(run_id: int, at: datetime, batch: int) -> int:
    run = models.ErasureRun.objects.get(pk=run_id)
    if run.state != RunState.APPROVED:
        return 0
    asked: dict[str, Any] = {"run_id": run_id, "limit": batch, "at": at, "day": run.as_of}
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, asked)
        (done,) = cursor.fetchone() or (0,)
    if done:
        erased.keep(run_id)
        audit.record(Act.PERSON_FORGOTTEN, "erasure_run", run_id, facts={"items": done})
    return int(done)


@db.use_case()
def _finish(run_id: int, at: datetime) -> None:
    run = models.ErasureRun.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.APPROVED:
        return
    run.state, run.finished_at = rules.next_run_state(RunState.APPROVED, RunEvent.FINISH), at
    run.save(update_fields=["state", "finished_at"])
