"""Data intake: send a lender's file, see how far it is, read why rows were not taken in."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import override
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile
from procrastinate.contrib.django import app

from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.api import schemas
from recoup.interfaces.api.keys import caller_of
from recoup.interfaces.api.language import language_of
from recoup.interfaces.api.operations import (
    cursor_at,
    on_record,
    operation,
    page,
    position_of,
    read,
)
from recoup.interfaces.api.problems import BatchUnknown
from recoup.modules.intake import exporting, queries, services, uploads
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.rules import RowKind

router = Router(tags=["intake"])


def shown(row: BatchRow) -> dict[str, Any]:
    """A batch as other systems see it."""
    same = (
        "id", "kind", "filename", "sha256", "size_bytes", "state", "stage", "progress_pct",
        "rows_total", "rows_good", "rows_bad", "rows_unchanged", "refusal_code", "received_at",
        "finished_at",
    )  # fmt: skip
    return {name: getattr(row, name) for name in same} | {
        "lender": row.lender_code,
        "mapping": row.mapping_code,
    }


def _batch(batch_id: int) -> BatchRow:
    row = queries.batch(batch_id)
    if row is None:
        raise BatchUnknown(number=batch_id)
    return row


@router.post("/intake/batches", response={202: schemas.Batch})
@operation(Right.TAKE_IN)
def send_file(
    request: HttpRequest,
    file: File[UploadedFile],
    lender: Form[schemas.LenderCode],
    kind: Form[schemas.RowKind],
    mapping: schemas.Number = Form(queries.STANDARD),  # type: ignore[type-arg]  # noqa: B008
) -> Status[Any]:
    """Send a file; a worker takes it in. The very same file again changes nothing."""
    of = queries.lender(lender)
    queries.find_mapping(of.id, mapping, RowKind(kind) if kind in set(RowKind) else None)
    number = services.receive(
        received=uploads.receive(file.chunks(), lender_id=of.id),
        kind=kind,
        filename=file.name or "",
        actor_id=caller_of(request).access.user_id,
        at=timezone.now(),
    )
    services.queue(batch_id=number, mapping_code=mapping, schedule_from_terms=False)
    app.configure_task("take_in_upload", queue="intake").defer(batch_id=number)
    on_record(request, Act.API_CHANGED, "batch", number)
    return Status(202, shown(_batch(number)))


@router.get("/intake/batches", response=schemas.Batches)
@operation(Right.TAKE_IN)
def list_batches(
    request: HttpRequest,
    cursor: schemas.Cursor | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """Files sent, newest first."""
    rows = queries.batches(limit=limit + 1, before=position_of(cursor) if cursor else None)
    read(request, "batches")
    return page(rows, limit) | {"items": [shown(row) for row in rows[:limit]]}


@router.get("/intake/batches/{batch_id}", response=schemas.Batch)
@operation(Right.TAKE_IN)
def read_batch(request: HttpRequest, batch_id: schemas.Id) -> dict[str, Any]:
    """One file, and how far it is."""
    row = _batch(batch_id)
    read(request, "batch", batch_id)
    return shown(row)


@router.get("/intake/batches/{batch_id}/faults", response=schemas.Faults)
@operation(Right.TAKE_IN)
def list_faults(
    request: HttpRequest,
    batch_id: schemas.Id,
    cursor: schemas.Cursor | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """Why rows were not taken in, in the order of the file; personal values are masked."""
    row = _batch(batch_id)
    after = min(position_of(cursor), 2**31 - 1)
    found, further = queries.faults(row.id, limit=limit, after=after)
    read(request, "batch", batch_id)
    with override(language_of(request)):
        items = [
            {
                "row_number": fault.row_number,
                "kind": fault.kind,
                "column": fault.column,
                "value": fault.value,
                "code": fault.code,
                "detail": exporting.said(fault),
            }
            for fault in (fault.shown for fault in found)
        ]
    return {"items": items, "next": None if further is None else cursor_at(further)}
