"""Taking in files: `take_in` is the one door for the command line, the page and the sample."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from recoup.core.refusals import Refused
from recoup.foundation import audit, db
from recoup.foundation.access import context as access
from recoup.foundation.access.context import NotAllowed
from recoup.foundation.access.reach import serves
from recoup.foundation.access.rights import Right
from recoup.foundation.filestore import services as files
from recoup.foundation.filestore.services import Received
from recoup.foundation.vault import indexing
from recoup.modules.intake import conversion, custody, merging, queries, readers, staging, uploads
from recoup.modules.intake.limits import DEFAULT, Limits
from recoup.modules.intake.mapping import read_spec
from recoup.modules.intake.models import Batch, QuarantinedRow
from recoup.modules.intake.models import Mapping as SavedMapping
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.refusals import (
    BatchNotWaiting,
    MappingInvalid,
    MappingReserved,
    RowsDiffer,
)
from recoup.modules.intake.requests import Request, read_request
from recoup.modules.intake.rules import SEVERAL, BatchState, RowKind, Stage
from recoup.modules.intake.sealing import RowSealer
from recoup.modules.intake.sums import RefusedSums


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an intake is: its stage, the whole's share 0 to 1, and rows read so far."""

    stage: Stage
    fraction: float
    rows: int


Tell = Callable[[Progress], object]


def take_in(
    *,
    path: Path,
    lender_code: str,
    kind: RowKind | None = None,
    mapping: str | Mapping[str, Any] = queries.STANDARD,
    actor_id: int | None,
    at: datetime,
    progress: Tell = lambda _: None,
    filename: str = "",
    batch_id: int | None = None,
    schedule_from_terms: bool = False,
    expected_rows: int | None = None,
    limits: Limits = DEFAULT,
) -> BatchRow:
    """Take in a file: good rows go in, bad ones to the quarantine, in one transaction.

    `mapping` is a code or a mapping itself; `kind` picks one table of it (needed for standard).
    The same file by the same mapping again changes nothing: its first batch is returned. If it
    had bad rows it is judged anew, because what they refer to may be known by now.
    A refused file leaves a batch that says why; a killed one is taken over by the next run.
    Raises the refusals of `refusals`.
    """
    access.require(Right.TAKE_IN)
    request = read_request(
        path=path,
        filename=filename,
        lender_code=lender_code,
        kind=kind,
        mapping=mapping,
        schedule_from_terms=schedule_from_terms,
        actor_id=actor_id,
        at=at,
    )
    progress(Progress(Stage.CHECKING, 0, 0))
    try:
        seen = readers.inspect(path, request.filename, request.spec.encoding, limits)
    except Refused as no:
        custody.record_refusal(request, batch_id, no)
        raise
    number, is_new = custody.open_batch(request, seen, batch_id)
    if is_new:
        with custody.held(number), custody.refusal_recorded(number, at):
            _run(
                request,
                number,
                seen=seen,
                progress=progress,
                expected_rows=expected_rows,
                limits=limits,
            )
    progress(Progress(Stage.DONE, 1, 0))
    return _batch(number)


def _run(
    request: Request,
    number: int,
    *,
    seen: readers.Inspection,
    progress: Tell,
    expected_rows: int | None,
    limits: Limits,
) -> None:
    reader = readers.open_table(request.path, seen, request.spec, limits)
    converters = [
        conversion.compile_table(table, request.spec, reader.header, request.lender.currency)
        for table in request.spec.tables
    ]
    Batch.objects.filter(pk=number).update(columns=list(reader.header), stage=Stage.READING)
    kinds = merging.staged_kinds(request.spec)
    with staging.tables(kinds), indexing.writing(request.lender.id):
        rows = 0
        sealer = RowSealer(lender_id=request.lender.id, batch_id=number)
        refused = RefusedSums()
        for rows in staging.copy_rows(reader.rows(), converters, sealer, refused):
            share = reader.fraction_done() * custody.READ_BY / 100
            custody.note(number, Stage.READING, share, rows)
            progress(Progress(Stage.READING, share, rows))
        if expected_rows not in (None, rows):
            raise RowsDiffer(found=rows, expected=expected_rows)
        custody.note(number, Stage.JUDGING, custody.READ_BY / 100, rows)
        _merge(request, number, _Read(converters, refused, rows), progress)


@dataclass(frozen=True, slots=True)
class _Read:
    """What reading a file gave beside the staged rows: by what, what it refused, how many rows."""

    converters: list[conversion.RowConverter]
    refused: RefusedSums
    rows: int


def _merge(request: Request, number: int, read: _Read, progress: Tell) -> None:
    context = merging.Context(
        number,
        request.lender.id,
        request.actor_id,
        request.at,
        timezone.localdate(request.at),
    )

    def tell(share: float) -> None:
        span = (custody.JUDGED_BY - custody.READ_BY) / 100
        progress(Progress(Stage.JUDGING, custody.READ_BY / 100 + share * span, read.rows))

    with db.use_case():
        audit.name_job(f"intake {number}")
        merging.lock_lender(request.lender.id)
        custody.refuse_if_done_by_another(number)
        counts = merging.merge(context, request.spec, read.converters, read.refused, tell)
        Batch.objects.filter(pk=number).update(
            state=BatchState.DONE,
            stage=Stage.DONE,
            progress_pct=100,
            rows_total=read.rows,
            rows_good=counts.good,
            rows_bad=counts.bad,
            rows_unchanged=read.rows - counts.good - counts.bad,
            totals=counts.totals,
            finished_at=request.at,
        )


def _batch(number: int) -> BatchRow:
    batch = queries.batch(number)
    if batch is None:
        raise LookupError(number)
    return batch


def _require(lender_id: int) -> None:
    """Whoever acts takes in files, and this lender's. Raises NotAllowed."""
    access.require(Right.TAKE_IN)
    if not serves(lender_id):
        raise NotAllowed(right=Right.TAKE_IN.value)


@db.use_case()
def save_mapping(*, lender_id: int, code: str, spec: Mapping[str, Any]) -> None:
    """Save a mapping for a lender, or replace it. Raises MappingInvalid, MappingReserved."""
    _require(lender_id)
    if code == queries.STANDARD or code in queries.built_in_mappings():
        raise MappingReserved(mapping=code)
    if not code or len(code) > 64 or not code.isprintable():
        raise MappingInvalid(where=code, problem="a name of 1 to 64 characters is needed")
    kinds = read_spec(spec).kinds
    kind = kinds[0].value if len(kinds) == 1 else SEVERAL
    SavedMapping.objects.update_or_create(
        lender_id=lender_id, code=code, defaults={"kind": kind, "spec": dict(spec)}
    )


@db.use_case()
def receive(
    *, received: Received, kind: str, filename: str, actor_id: int | None, at: datetime
) -> int:
    """File an upload, which waits for its mapping; return its batch's number."""
    _require(received.lender_id)
    batch = Batch.objects.create(
        lender_id=received.lender_id,
        kind=kind,
        filename=filename[-255:],
        size_bytes=received.size_bytes,
        sha256=received.sha256,
        received_at=at,
        actor_id=actor_id,
    )
    files.keep(received, actor_id=actor_id, at=at, about=uploads.about(batch.pk))
    return int(batch.pk)


@db.use_case()
def queue(*, batch_id: int, mapping_code: str, schedule_from_terms: bool) -> None:
    """Note by which mapping an upload will be read; a worker will take it in.

    Raises BatchNotWaiting unless it waits or was interrupted.
    """
    batch = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None or batch.state not in (BatchState.RECEIVED, BatchState.RUNNING):
        raise BatchNotWaiting(batch=batch_id)
    _require(batch.lender_id)
    batch.mapping_code = mapping_code
    batch.schedule_from_terms = schedule_from_terms
    batch.save(update_fields=["mapping_code", "schedule_from_terms"])


@db.use_case()
def refuse_upload(*, batch_id: int, no: Refused, at: datetime) -> None:
    """Write a refusal on an upload that has not been opened; others keep what they say."""
    if Batch.objects.select_for_update().filter(pk=batch_id, state=BatchState.RECEIVED).exists():
        custody.refuse(batch_id, no, at)


@db.use_case()
def forget_upload(*, batch_id: int, at: datetime) -> None:
    """Erase the file of a batch that is through; its fingerprint stays."""
    if Batch.objects.filter(pk=batch_id, state__in=[BatchState.DONE, BatchState.REFUSED]).exists():
        uploads.forget(batch_id=batch_id, reason="TAKEN_IN", at=at)


@db.use_case()
def discard(*, batch_id: int, at: datetime) -> None:
    """Forget an uploaded file that was not taken in. Raises BatchNotWaiting."""
    batch = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None or batch.state not in (BatchState.RECEIVED, BatchState.REFUSED):
        raise BatchNotWaiting(batch=batch_id)
    _require(batch.lender_id)
    uploads.forget(batch_id=batch_id, reason="DISCARDED", at=at)
    QuarantinedRow.objects.filter(batch_id=batch_id).delete()
    batch.delete()
