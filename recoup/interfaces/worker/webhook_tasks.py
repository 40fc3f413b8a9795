"""Lenders' events sent every ten seconds; one slow receiver holds up no other."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.access.context import as_system
from recoup.modules.webhooks import jobs, services

AT_ONCE = 8  # receivers that are sent to at the same time
# For how long a run takes up new events, so that other jobs have their turn.
SECONDS = 8.0
# A job each ten seconds would fill the queue's table; those that are done say nothing more.
FORGET = "DELETE FROM procrastinate_jobs WHERE task_name = 'send_webhooks' AND status = 'succeeded'"


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="send_webhooks", name="send_webhooks")
def send_webhooks(timestamp: int) -> None:
    """Send what waits; where nothing does it is one question."""
    del timestamp  # what counts is the time of each try
    with as_system("webhooks"):
        waiting = jobs.due(at=timezone.now())
    if not waiting:
        return
    with ThreadPoolExecutor(min(AT_ONCE, len(waiting))) as pool:
        for done in [pool.submit(_send, number) for number in waiting]:
            done.result()


def _send(subscription_id: int) -> None:
    """One receiver's events, over a connection of this thread's own."""
    try:
        with as_system("webhooks"):
            jobs.send_waiting(subscription_id=subscription_id, clock=timezone.now, seconds=SECONDS)
    finally:
        connections.close_all()


@app.periodic(cron="40 * * * *")
@app.task(queueing_lock="forget_webhooks", name="forget_webhooks")
def forget_webhooks(timestamp: int) -> None:
    """Drop events that are too old to be sent again, and the queue's memory of having sent."""
    del timestamp
    with as_system("webhooks"):
        services.forget(at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(FORGET)
