"""The hourly broom at the door, as the worker."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from recoup.foundation.access.context import as_system
from recoup.foundation.access.roles import Role
from recoup.foundation.sign_in import enrolment, secrets
from recoup.foundation.sign_in.models import EnrolmentCode, FactorSecret, Session
from recoup.interfaces.worker.sign_in_tasks import forget_sign_ins
from tests.factories import AT_TEN, make_collector
from tests.interfaces.web.sign_in.people import Somebody
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db


def cached() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sign_in_cache")
        return int(cursor.fetchone()[0])


def leave_traces(username: str) -> None:
    """An open session, a wrong password, a code, a used code's mark, a secret without a factor."""
    user = make_collector(username)
    Somebody(username).signs_in()
    Somebody(username).signs_in("wrong")
    with as_system("staff"):
        enrolment.issue_code(user_id=user.pk, actor_id=None, at=timezone.now())
    cache.set(f"code:{username}", "used", 120)
    FactorSecret.objects.filter(name=secrets.keep(username)).update(made_at=timezone.now())


def test_what_ended_at_the_door_is_forgotten_by_the_worker_and_what_counts_stays() -> None:
    with time_machine.travel(AT_TEN, tick=False) as clock:
        leave_traces("liu_min")
        clock.shift(timedelta(hours=12))
        leave_traces("he_jie")
        with working_as(Role.WORKER):
            forget_sign_ins(timestamp=0)

        assert list(Session.objects.values_list("user__username", flat=True)) == ["he_jie"]
        assert list(EnrolmentCode.objects.values_list("user__username", flat=True)) == ["he_jie"]
        assert AccessAttempt.objects.count() == 1
        assert FactorSecret.objects.count() == 1
        assert cached() == 1
        clock.shift(timedelta(hours=12))
        with working_as(Role.WORKER):
            forget_sign_ins(timestamp=0)
        left = (Session, EnrolmentCode, AccessAttempt, FactorSecret)
        assert [model.objects.count() for model in left] == [0, 0, 0, 0]


def test_a_secret_that_a_factor_names_stays() -> None:
    with time_machine.travel(AT_TEN, tick=False) as clock:
        make_collector("chen_wei", role="OPERATOR")
        chen_wei = Somebody("chen_wei")
        chen_wei.signs_in()
        chen_wei.sets_up_an_app()
        FactorSecret.objects.update(made_at=timezone.now())
        clock.shift(timedelta(days=3))
        forget_sign_ins(timestamp=0)
        chen_wei.signs_in()
        chen_wei.shows_a_code(chen_wei.code())
        assert chen_wei.is_in


def test_the_worker_does_it_every_hour_without_being_asked() -> None:
    from procrastinate.contrib.django import app  # noqa: PLC0415 - when Django is set up

    crons = {name: task.cron for (name, _), task in app.periodic_registry.periodic_tasks.items()}
    assert crons["forget_sign_ins"] == "27 * * * *"
