"""The heads of the audit record signed each minute, so that little can be rewritten unseen."""

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.access.context import as_system
from recoup.foundation.audit import anchoring

# A job a minute would fill the queue's table; those that are done say nothing more.
FORGET = "DELETE FROM procrastinate_jobs WHERE task_name = 'anchor' AND status = 'succeeded'"


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="anchor", name="anchor")
def anchor(timestamp: int) -> None:
    """Anchor what has happened since the last anchor; where nothing has, nothing is written."""
    del timestamp  # the anchor says itself when it was made
    with as_system("anchor"):
        anchoring.anchor(at=timezone.now(), send=anchoring.sender())
        with connection.cursor() as cursor:
            cursor.execute(FORGET)
