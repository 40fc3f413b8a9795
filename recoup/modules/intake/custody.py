"""Custody of a batch: who may work on it, how far it is, and what it was refused for."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from recoup.core.refusals import Refused
from recoup.foundation import db
from recoup.modules.intake.models import Batch
from recoup.modules.intake.queries import BATCH_LOCK
from recoup.modules.intake.readers import Inspection
from recoup.modules.intake.refusals import (
    BatchNotWaiting,
    FileBeingTakenIn,
    FileTakenInAlready,
)
from recoup.modules.intake.requests import Request
from recoup.modules.intake.rules import BatchState, Stage

IDENTITY = ("lender_id", "kind", "sha256", "spec_sha256")
READ_BY, JUDGED_BY = 60, 99  # per cent of the way


def note(number: int, stage: Stage, share: float, rows: int) -> None:
    """Write down how far the batch is, for those who watch."""
    percent = min(JUDGED_BY, int(share * 100))
    Batch.objects.filter(pk=number).update(stage=stage, progress_pct=percent, rows_total=rows)


def _identity(request: Request, seen: Inspection) -> dict[str, Any]:
    return {
        "lender_id": request.lender.id,
        "kind": request.kind,
        "sha256": seen.sha256,
        "spec_sha256": request.fingerprint,
    }


def open_batch(request: Request, seen: Inspection, batch_id: int | None) -> tuple[int, bool]:
    """The batch to work on, and whether there is work: a finished one without faults has none."""
    identity = _identity(request, seen)
    with db.use_case():
        _lock_identity(identity)
        same = Batch.objects.filter(**identity)
        done = same.filter(state=BatchState.DONE, rows_bad=0).first()
        if done is not None:
            if batch_id is not None and batch_id != done.pk:
                refuse(batch_id, FileTakenInAlready(batch=done.pk), request.at)
            return done.pk, False
        running = same.filter(state=BatchState.RUNNING).first() if batch_id is None else None
        batch = running or _waiting_or_new(batch_id, request, seen)
        number = _start(batch, request, identity)
        _take_hold(number)
        return number, True


def refuse_if_done_by_another(number: int) -> None:
    """Two uploads of one file may run side by side; the second to merge changes nothing.

    Raises FileTakenInAlready.
    """
    batch = Batch.objects.get(pk=number)
    identity = {name: getattr(batch, name) for name in IDENTITY}
    done = Batch.objects.filter(**identity, state=BatchState.DONE, rows_bad=0).first()
    if done is not None:
        raise FileTakenInAlready(batch=done.pk)


def _waiting_or_new(batch_id: int | None, request: Request, seen: Inspection) -> Batch:
    if batch_id is None:
        return Batch(
            filename=request.filename[-255:], size_bytes=seen.size_bytes, received_at=request.at
        )
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in (BatchState.RECEIVED, BatchState.RUNNING):
        raise BatchNotWaiting(batch=batch_id)
    return batch


def _start(batch: Batch, request: Request, identity: dict[str, Any]) -> int:
    for name, value in identity.items():
        setattr(batch, name, value)
    batch.mapping_code = request.mapping_code
    batch.schedule_from_terms = request.spec.schedule_from_terms
    batch.actor_id = request.actor_id if batch.actor_id is None else batch.actor_id
    batch.state, batch.stage, batch.progress_pct = BatchState.RUNNING, Stage.CHECKING, 0
    batch.rows_total = 0
    batch.save()
    return int(batch.pk)


def _lock_identity(identity: dict[str, Any]) -> None:
    """Two people with the same file open its batch one after the other."""
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).digest()
    key = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _take_hold(number: int) -> None:
    """Hold the batch for this session; the database lets go of it if the session dies.

    Before the batch is seen to run: whoever looks in between would think its worker was killed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [BATCH_LOCK, number])
        (got,) = cursor.fetchone() or (False,)
    if not got:
        raise FileBeingTakenIn(batch=number)


@contextmanager
def held(number: int) -> Iterator[None]:
    """Let go of the batch afterwards."""
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [BATCH_LOCK, number])


@contextmanager
def refusal_recorded(number: int, at: datetime) -> Iterator[None]:
    try:
        yield
    except Refused as no:
        with db.use_case():
            refuse(number, no, at)
        raise


def refuse(number: int, no: Refused, at: datetime) -> None:
    """Write on the batch why its file was refused."""
    Batch.objects.filter(pk=number).update(
        state=BatchState.REFUSED,
        refusal_code=no.code,
        refusal_params={"message": no.message, **{k: str(v) for k, v in no.params.items()}},
        finished_at=at,
    )


def record_refusal(request: Request, batch_id: int | None, no: Refused) -> None:
    with db.use_case():
        if batch_id is None:
            size = request.path.stat().st_size if request.path.is_file() else 0
            batch_id = Batch.objects.create(
                lender_id=request.lender.id,
                kind=request.kind,
                mapping_code=request.mapping_code,
                filename=request.filename[-255:],
                size_bytes=size,
                received_at=request.at,
                actor_id=request.actor_id,
            ).pk
        refuse(batch_id, no, request.at)
