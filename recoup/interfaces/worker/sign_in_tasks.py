"""Once an hour sessions, codes and attempts that count no more are forgotten."""

from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.foundation.sign_in.resets import forget_ended


@app.periodic(cron="27 * * * *")
@app.task(queueing_lock="forget_sign_ins", name="forget_sign_ins")
def forget_sign_ins(timestamp: int) -> None:
    """Forget what ended at the door."""
    del timestamp  # what counts is when it runs
    forget_ended(at=timezone.now())
