"""Files taken in behind the page: one job per uploaded batch, safe to run again."""

from pathlib import Path

from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.core.refusals import Refused
from recoup.foundation.access.context import as_system
from recoup.modules.intake import queries, services, uploads
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.rules import RowKind


@app.task(queue="intake", name="take_in_upload")
def take_in_upload(*, batch_id: int) -> None:
    """Take in an uploaded file; a refusal stands on the batch, where the page shows it."""
    with as_system("intake"):
        batch = queries.batch(batch_id)
        if batch is None:
            return
        try:
            with uploads.opened(batch_id) as path:
                _take_in(batch, path)
        except Refused as no:
            services.refuse_upload(batch_id=batch_id, no=no, at=timezone.now())
        services.forget_upload(batch_id=batch_id, at=timezone.now())


def _take_in(batch: BatchRow, path: Path) -> None:
    services.take_in(
        path=path,
        filename=batch.filename,
        lender_code=batch.lender_code,
        kind=RowKind(batch.kind) if batch.kind in set(RowKind) else None,
        mapping=batch.mapping_code,
        schedule_from_terms=batch.schedule_from_terms,
        actor_id=batch.actor_id,
        at=timezone.now(),
        batch_id=batch.id,
    )
