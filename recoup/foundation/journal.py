"""The journal of a long job: each step is one transaction, done once, found again after a kill.

A step and its line in the journal are committed together. When the process dies, the open
transaction is rolled back by the database and the next start goes on with the first step that
has no line: nothing is lost and nothing is done twice.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from recoup.core.refusals import Refused
from recoup.foundation import db
from recoup.foundation.audit.recording import name_job
from recoup.foundation.models import JobRun, JobStep


class JobAlreadyRunning(Refused):
    """Another process is at it; two would only wait for each other."""

    code = "job_already_running"
    message = "%(name)s is already running elsewhere; wait until it has finished."


class DayAlreadyPassed(Refused):
    """The days of a job go forward only: a clock set back must not rewrite what people saw."""

    code = "job_day_already_passed"
    message = "%(name)s has already finished for %(latest)s; %(day)s lies before it."


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, and what does it (given the business day and the run's time)."""

    name: str
    do: Callable[[date, datetime], int]


@dataclass(frozen=True, slots=True)
class StepDone:
    """What is told about each step: rows it changed, seconds it took, done now or before."""

    name: str
    position: int
    of: int
    rows: int
    seconds: float
    was_done: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the journal holds it."""

    business_day: date
    started_at: datetime
    finished_at: datetime | None


# Asked by almost every request, so without the price of a model.
LATEST_FINISHED = """
SELECT business_day, started_at, finished_at
  FROM foundation_jobrun
 WHERE name = %(name)s
   AND finished_at IS NOT NULL
 ORDER BY business_day DESC
 LIMIT 1
"""


def latest_finished(name: str) -> RunRow | None:
    """The latest business day this job has finished for."""
    rows = db.ask(LATEST_FINISHED, {"name": name})
    return RunRow(**rows[0]) if rows else None


def run_job(
    *,
    name: str,
    business_day: date,
    steps: Sequence[Step],
    clock: Callable[[], datetime],
    tell: Callable[[StepDone], None] = lambda done: None,
) -> bool:
    """Do every step not yet done for the day; False if the day was finished before.

    Raises JobAlreadyRunning and DayAlreadyPassed. The run's own time (`started_at`) is what the
    steps book with, also after a restart, so that a resumed run writes what the first would have.
    """
    with _alone(name):
        run = _start(name, business_day, clock())
        if run is None:
            return False
        done = {step.name: step for step in JobStep.objects.filter(run=run)}
        for position, step in enumerate(steps, start=1):
            before = done.get(step.name)
            finished = before or _do(run, step, clock)
            seconds = (finished.finished_at - finished.started_at).total_seconds()
            tell(StepDone(step.name, position, len(steps), finished.rows, seconds, bool(before)))
        JobRun.objects.filter(id=run.id).update(finished_at=clock())
        return True


def _start(name: str, business_day: date, now: datetime) -> JobRun | None:
    latest = latest_finished(name)
    if latest and latest.business_day == business_day:
        return None
    if latest and latest.business_day > business_day:
        raise DayAlreadyPassed(
            name=name, latest=latest.business_day.isoformat(), day=business_day.isoformat()
        )
    run, is_new = JobRun.objects.get_or_create(
        name=name, business_day=business_day, defaults={"started_at": now}
    )
    if not is_new:
        JobRun.objects.filter(id=run.id).update(attempts=run.attempts + 1)
    return run


def _do(run: JobRun, step: Step, clock: Callable[[], datetime]) -> JobStep:
    began = clock()
    with db.use_case():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")
            cursor.execute("SET LOCAL jit = off")
        name_job(f"{run.name} {step.name}")
        rows = step.do(run.business_day, run.started_at)
        return JobStep.objects.create(
            run=run, name=step.name, started_at=began, finished_at=clock(), rows=rows
        )


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Hold the job's lock on this connection; the database frees it if the process dies.

    The server looks twice a second whether we still live, so a killed run's lock is soon free.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '500ms'")
    if not _lock(name):
        raise JobAlreadyRunning(name=name)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", ["job:" + name])
                cursor.execute("RESET client_connection_check_interval")


def _lock(name: str) -> bool:
    """Take the lock, waiting two seconds for one whose holder was just killed."""
    for _ in range(20):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", ["job:" + name])
            (mine,) = cursor.fetchone() or (False,)
        if mine:
            return True
        time.sleep(0.1)
    return False
