"""The heads of the audit record signed by the minute and, outside, every ten seconds.

So little can be rewritten unseen.
"""

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.access.context import as_system
from recoup.foundation.audit import anchoring

# Jobs this frequent would fill the queue's table; those that are done say nothing more.
FORGET = "DELETE FROM procrastinate_jobs WHERE task_name = %s AND status = 'succeeded'"


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="anchor", name="anchor")
def anchor(timestamp: int) -> None:
    """Anchor what has happened since the last anchor; where nothing has, nothing is written."""
    del timestamp  # the anchor says itself when it was made
    with as_system("anchor"):
        anchoring.anchor(at=timezone.now(), send=anchoring.sender())
        _forget("anchor")


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="latest_heads", name="latest_heads")
def latest_heads(timestamp: int) -> None:
    """Lay the heads outside, in place of those of ten seconds ago."""
    del timestamp  # the file says itself when it was written
    with as_system("anchor"):
        anchoring.keep_latest(at=timezone.now())
        _forget("latest_heads")


def _forget(task: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [task])
