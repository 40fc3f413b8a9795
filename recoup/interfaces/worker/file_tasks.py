"""The file store tidied: what killed writers left, and what was erased during a backup."""

from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.access.context import as_system
from recoup.foundation.filestore import upkeep


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="tidy_files", name="tidy_files")
def tidy_files(timestamp: int) -> None:
    """Every night at twenty past three; one that is missed is made good by the next."""
    del timestamp
    with as_system("files"):
        upkeep.tidy(at=timezone.now())
