"""Deletions behind the page: first listed, then, when a second person let them go, done."""

from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.access.context import as_system
from recoup.modules.privacy import jobs


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
