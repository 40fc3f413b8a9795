"""Taking in files: `take_in` is the one door for the command line, the page and the sample."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from recoup.core.refusals import Refused
from recoup.foundation import db
from recoup.modules.intake import conversion, merging, queries, readers, staging
from recoup.modules.intake.limits import DEFAULT, Limits
from recoup.modules.intake.mapping import Spec, read_spec
from recoup.modules.intake.models import Batch, QuarantinedRow
from recoup.modules.intake.models import Mapping as SavedMapping
from recoup.modules.intake.queries import BATCH_LOCK, BatchRow, LenderRow
from recoup.modules.intake.refusals import (
    BatchNotWaiting,
    FileBeingTakenIn,
    FileTakenInAlready,
    MappingInvalid,
    MappingReserved,
    RowsDiffer,
)
from recoup.modules.intake.rules import SEVERAL, BatchState, RowKind, Stage

READ_BY, JUDGED_BY = 60, 99  # per cent of the way


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an intake is: its stage, the whole's share 0 to 1, and rows read so far."""

    stage: Stage
    fraction: float
    rows: int


Tell = Callable[[Progress], object]


@dataclass(frozen=True, slots=True)
class Request:
    """A file with all that decides how it is read. `fingerprint` is that of the mapping."""

    path: Path
    filename: str
    lender: LenderRow
    kind: str
    mapping_code: str
    spec: Spec
    fingerprint: str
    actor_id: int | None
    at: datetime


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
    request = _request(path, filename, lender_code, kind, mapping, actor_id, at)
    if schedule_from_terms:
        request = _with_schedules(request)
    progress(Progress(Stage.CHECKING, 0, 0))
    try:
        seen = readers.inspect(path, request.filename, request.spec.encoding, limits)
    except Refused as no:
        _record_refusal(request, batch_id, no)
        raise
    number, is_new = _open_batch(request, seen, batch_id)
    if is_new:
        with _held(number), _refusal_recorded(number, at):
            _run(request, number, seen, progress, expected_rows, limits)
    progress(Progress(Stage.DONE, 1, 0))
    return _batch(number)


def _request(
    path: Path,
    filename: str,
    lender_code: str,
    kind: RowKind | None,
    mapping: str | Mapping[str, Any],
    actor_id: int | None,
    at: datetime,
) -> Request:
    lender = queries.lender(lender_code)
    code = mapping if isinstance(mapping, str) else ""
    said = queries.find_mapping(lender.id, code, kind) if isinstance(mapping, str) else mapping
    spec = read_spec(said)
    if kind is not None and kind not in spec.kinds:
        raise MappingInvalid(where=code or "mapping", problem=f"it has no table {kind}")
    if kind is not None:
        spec = replace(spec, tables=tuple(t for t in spec.tables if t.kind is kind))
    fingerprint = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    table = spec.kinds[0].value if len(spec.kinds) == 1 else SEVERAL
    return Request(
        path, filename or path.name, lender, table, code, spec, fingerprint, actor_id, at
    )


def _with_schedules(request: Request) -> Request:
    fingerprint = hashlib.sha256(f"{request.fingerprint}+schedules".encode()).hexdigest()
    spec = replace(request.spec, schedule_from_terms=True)
    return replace(request, spec=spec, fingerprint=fingerprint)


def _identity(request: Request, seen: readers.Inspection) -> dict[str, Any]:
    return {
        "lender_id": request.lender.id,
        "kind": request.kind,
        "sha256": seen.sha256,
        "spec_sha256": request.fingerprint,
    }


def _open_batch(
    request: Request, seen: readers.Inspection, batch_id: int | None
) -> tuple[int, bool]:
    """The batch to work on, and whether there is work: a finished one without faults has none."""
    identity = _identity(request, seen)
    with db.use_case():
        _lock_identity(identity)
        same = Batch.objects.filter(**identity)
        done = same.filter(state=BatchState.DONE, rows_bad=0).first()
        if done is not None:
            if batch_id not in (None, done.pk):
                _refuse_waiting(batch_id, FileTakenInAlready(batch=done.pk), request.at)
            return done.pk, False
        running = same.filter(state=BatchState.RUNNING).first() if batch_id is None else None
        batch = running or _waiting_or_new(batch_id, request, seen)
        return _start(batch, request, identity), True


def _waiting_or_new(batch_id: int | None, request: Request, seen: readers.Inspection) -> Batch:
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


@contextmanager
def _held(number: int) -> Iterator[None]:
    """Hold the batch for this session; the database lets go of it if the session dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [BATCH_LOCK, number])
        (got,) = cursor.fetchone() or (False,)
    if not got:
        raise FileBeingTakenIn(batch=number)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [BATCH_LOCK, number])


@contextmanager
def _refusal_recorded(number: int, at: datetime) -> Iterator[None]:
    try:
        yield
    except Refused as no:
        with db.use_case():
            _refuse_waiting(number, no, at)
        raise


def _refuse_waiting(number: int | None, no: Refused, at: datetime) -> None:
    Batch.objects.filter(pk=number).update(
        state=BatchState.REFUSED,
        refusal_code=no.code,
        refusal_params={"message": no.message, **{k: str(v) for k, v in no.params.items()}},
        finished_at=at,
    )


def _record_refusal(request: Request, batch_id: int | None, no: Refused) -> None:
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
        _refuse_waiting(batch_id, no, request.at)


def _run(
    request: Request,
    number: int,
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
    with staging.tables(merging.staged_kinds(request.spec)):
        rows = 0
        for rows in staging.copy_rows(reader.rows(), converters):
            share = reader.fraction_done() * READ_BY / 100
            _note(number, Stage.READING, share, rows)
            progress(Progress(Stage.READING, share, rows))
        if expected_rows not in (None, rows):
            raise RowsDiffer(found=rows, expected=expected_rows)
        _note(number, Stage.JUDGING, READ_BY / 100, rows)
        _merge(request, number, converters, rows, progress)


def _note(number: int, stage: Stage, share: float, rows: int) -> None:
    percent = min(JUDGED_BY, int(share * 100))
    Batch.objects.filter(pk=number).update(stage=stage, progress_pct=percent, rows_total=rows)


def _merge(
    request: Request,
    number: int,
    converters: list[conversion.RowConverter],
    rows: int,
    progress: Tell,
) -> None:
    context = merging.Context(
        number,
        request.lender.id,
        request.actor_id,
        request.at,
        timezone.localdate(request.at),
    )

    def tell(share: float) -> None:
        span = (JUDGED_BY - READ_BY) / 100
        progress(Progress(Stage.JUDGING, READ_BY / 100 + share * span, rows))

    with db.use_case():
        counts = merging.merge(context, request.spec, converters, tell)
        Batch.objects.filter(pk=number).update(
            state=BatchState.DONE,
            stage=Stage.DONE,
            progress_pct=100,
            rows_total=rows,
            rows_good=counts.good,
            rows_bad=counts.bad,
            rows_unchanged=rows - counts.good - counts.bad,
            totals=counts.totals,
            finished_at=request.at,
        )


def _batch(number: int) -> BatchRow:
    batch = queries.batch(number)
    if batch is None:
        raise LookupError(number)
    return batch


@db.use_case()
def save_mapping(*, lender_id: int, code: str, spec: Mapping[str, Any]) -> None:
    """Save a mapping for a lender, or replace it. Raises MappingInvalid, MappingReserved."""
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
    *,
    lender_id: int,
    kind: str,
    filename: str,
    size_bytes: int,
    sha256: str,
    actor_id: int | None,
    at: datetime,
) -> int:
    """Note a file that was uploaded and waits for its mapping; return its batch's number."""
    batch = Batch.objects.create(
        lender_id=lender_id,
        kind=kind,
        filename=filename[-255:],
        size_bytes=size_bytes,
        sha256=sha256,
        received_at=at,
        actor_id=actor_id,
    )
    return int(batch.pk)


@db.use_case()
def discard(*, batch_id: int) -> None:
    """Forget an uploaded file that was not taken in. Raises BatchNotWaiting."""
    batch = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None or batch.state not in (BatchState.RECEIVED, BatchState.REFUSED):
        raise BatchNotWaiting(batch=batch_id)
    QuarantinedRow.objects.filter(batch_id=batch_id).delete()
    batch.delete()
