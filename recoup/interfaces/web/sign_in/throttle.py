"""Wrong passwords: after a few the name is paused from that address, after many from everywhere.

Counted by django-axes in the database, for names that do not exist too, so that the answer tells
nobody which do. What was typed as a name may be a password in the wrong field: only a keyed digest
of it is kept. A passkey asks for no password and still opens while a name is paused.
"""

from collections.abc import Mapping
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

from recoup.foundation.sign_in.resets import name_digest


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Axes asks under which name an attempt counts."""
    said = credentials or request.POST
    return name_digest(str(said.get("username") or said.get("login") or ""))


class Throttle(AxesDatabaseHandler):
    """Counts by name and address together; by name alone with a higher limit."""

    def get_failures(
        self, request: HttpRequest, credentials: Mapping[str, Any] | None = None
    ) -> int:
        """How many failures count against this attempt."""
        here = int(super().get_failures(request, credentials))
        everywhere = AccessAttempt.objects.filter(
            username=counted_name(request, credentials),
            attempt_time__gte=get_cool_off_threshold(request),
        ).aggregate(Sum("failures_since_start"))["failures_since_start__sum"]
        if (everywhere or 0) >= settings.FAILURES_EVERYWHERE:
            return max(here, int(settings.AXES_FAILURE_LIMIT))
        return here
