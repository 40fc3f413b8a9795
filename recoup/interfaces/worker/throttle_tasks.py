"""Once an hour counters that say nothing any more are dropped."""

from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.throttle.buckets import forget


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="forget_limits", name="forget_limits")
def forget_limits(timestamp: int) -> None:
    """Forget whose allowance is whole again."""
    del timestamp  # what counts is when it runs
    forget(at=timezone.now())
