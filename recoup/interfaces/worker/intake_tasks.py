"""Files taken in behind the page: one job per uploaded batch, safe to run again."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.core.refusals import Refused
from recoup.modules.intake import queries, services, uploads
from recoup.modules.intake.rules import BatchState, RowKind


@app.task(queue="intake", name="take_in_upload")
def take_in_upload(*, batch_id: int) -> None:
    """Take in an uploaded file; a refusal stands on the batch, where the page shows it."""
    batch = queries.batch(batch_id)
    if batch is None:
        return
    stored = uploads.stored_file(settings.MEDIA_ROOT, batch)
    try:
        services.take_in(
            path=stored,
            filename=batch.filename,
            lender_code=batch.lender_code,
            kind=RowKind(batch.kind) if batch.kind in set(RowKind) else None,
            mapping=batch.mapping_code,
            schedule_from_terms=batch.schedule_from_terms,
            actor_id=batch.actor_id,
            at=timezone.now(),
            batch_id=batch_id,
        )
    except Refused as no:
        services.refuse_upload(batch_id=batch_id, no=no, at=timezone.now())
    after = queries.batch(batch_id)
    if after is None or after.state in {BatchState.DONE, BatchState.REFUSED}:
        stored.unlink(missing_ok=True)
