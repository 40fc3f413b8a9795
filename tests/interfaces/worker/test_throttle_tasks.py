"""The hourly broom for counters."""

import pytest
import time_machine

from recoup.foundation.throttle import Limit, take
from recoup.foundation.throttle.models import Bucket
from recoup.interfaces.worker.throttle_tasks import forget_limits
from tests.factories import AT_TEN


@pytest.mark.django_db
def test_counters_that_say_nothing_are_dropped() -> None:
    take(Limit("search", per_minute=60, at_once=60), "1", at=AT_TEN)
    take(Limit("slow", per_minute=1, at_once=600), "1", at=AT_TEN, cost=600)

    with time_machine.travel(AT_TEN.replace(hour=11), tick=False):
        forget_limits(timestamp=0)

    assert Bucket.objects.count() == 1
