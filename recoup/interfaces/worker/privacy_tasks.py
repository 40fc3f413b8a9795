"""What is over is no longer used; deletions are listed, and done when a second person let them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.access.context import as_system
from recoup.foundation.business_day import business_day
from recoup.modules.privacy import jobs


@app.periodic(cron="40 2 * * *")
@app.task(queue="privacy", queueing_lock="restrict_due", name="restrict_due")
def restrict_due(timestamp: int) -> None:
    """Every night at twenty to three; one that is missed is made good by the next."""
    del timestamp
    as_of = business_day()
    if as_of is not None:
        with as_system("privacy"):
            jobs.restrict_due(as_of=as_of, at=timezone.now())


@app.periodic(cron="50 2 * * *")
@app.task(queue="privacy", queueing_lock="erase_files", name="erase_files")
def erase_files(timestamp: int) -> None:
    """Every night at ten to three; one that is missed is made good by the next."""
    del timestamp
    with as_system("privacy"):
        jobs.erase_files(as_of=timezone.localdate(), at=timezone.now())


@app.task(queue="privacy", name="list_due")
def list_due(*, run_id: int) -> None:
    """The dry run."""
    with as_system("privacy"):
        jobs.list_due(run_id=run_id)


@app.task(queue="privacy", name="forget")
def forget(*, run_id: int) -> None:
    """Forget what was approved; one that was killed goes on where it stopped."""
    with as_system("privacy"):
        jobs.forget(run_id=run_id, clock=timezone.now)
