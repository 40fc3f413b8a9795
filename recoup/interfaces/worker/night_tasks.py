"""The night by the clock: only where an operator has said when (RECOUP_NIGHT_CRON).

Without it nothing runs by itself, so that a sample of past years is not aged to today.
"""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from recoup.interfaces.worker.night import run_night

if settings.NIGHT_CRON:

    @app.periodic(cron=settings.NIGHT_CRON)
    @app.task(queueing_lock="night", name="night")
    def run_tonight(timestamp: int) -> None:
        """Run the night of the local calendar day; one that was killed is finished first."""
        del timestamp  # the night is of the day it starts on, however late the worker is
        run_night(as_of=timezone.localdate())
