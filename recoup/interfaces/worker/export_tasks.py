"""Exports made behind the page, and those whose link has expired destroyed."""

from django.utils import timezone, translation
from procrastinate.contrib.django import app

from recoup.core.refusals import Refused
from recoup.foundation.access.context import as_system
from recoup.interfaces.ui.labels import label_of
from recoup.modules.exports import queries, services


@app.task(queue="exports", name="prepare_export")
def prepare_export(*, export_id: int) -> None:
    """Make an export's file in the asker's language; a refusal stands on the export."""
    at = timezone.now()
    with as_system("exports"), translation.override(queries.language_of(export_id)):
        try:
            services.prepare(
                export_id=export_id,
                say=lambda kind, code: str(label_of(kind, code).text),
                moment=f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
                at=at,
            )
        except Refused as no:
            services.fail(export_id=export_id, no=no)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="expire_exports", name="expire_exports")
def expire_exports(timestamp: int) -> None:
    """Destroy the files whose links have expired."""
    del timestamp  # what counts is the time it is, however late the worker
    with as_system("exports"):
        services.expire(at=timezone.now())
