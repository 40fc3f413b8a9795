"""`recoup run`: everything on this machine, from the database to the first page.

Database, tables, people, sample portfolio, the night of its business day, web server, worker. What
is done already is skipped, so that a second start takes seconds. Ctrl-C ends all of it in order.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from types import FrameType
from typing import NoReturn

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from recoup.foundation import audit, embedded_postgres
from recoup.foundation.access import applying
from recoup.foundation.access.roles import VARIABLE, Role, work_as
from recoup.foundation.audit import watching
from recoup.foundation.business_day import business_day
from recoup.foundation.catalogues import compile_all
from recoup.foundation.database_url import check_server, settings_of
from recoup.foundation.journal import StepDone
from recoup.foundation.vault import data_keys
from recoup.interfaces.cli import demo, sample
from recoup.interfaces.cli.folder import alone_in, demo_password
from recoup.interfaces.cli.processes import Child, end_leftovers, launch
from recoup.interfaces.cli.progress import Progress
from recoup.interfaces.cli.site import Site, read_site
from recoup.interfaces.cli.terms import CannotRun
from recoup.interfaces.worker.night import run_night

WATCH_SECONDS = 0.5
ENROL = ".venv/bin/python -m recoup staff enrol NAME"
_asked = threading.Event()


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or the terminal was closed."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Where and how is said by the environment (RECOUP_*); here only what to start."""
    parser.add_argument(
        "--empty", action="store_true", help=_("without the sample: for files of your own")
    )


def run(arguments: argparse.Namespace) -> int:
    """Run until stopped; 0 then, 1 when a part ends by itself."""
    progress, began = Progress(), time.monotonic()
    site = read_site(os.environ)
    _asked.clear()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup means it
        signal.signal(signal.SIGHUP, _stop)
    try:
        with alone_in(settings.VAR, site.address), contextlib.ExitStack() as parts:
            end_leftovers(settings.VAR)
            site.check_free()
            database = _database(parts, progress)
            password = "" if arguments.empty else demo_password(settings.VAR, site)
            day = prepare(progress, password, with_sample=not arguments.empty)
            children = _start(parts, progress, site)
            for line in _welcome(site, day, password, time.monotonic() - began):
                progress.say(line)
            return _watch(children, database)
    except Stopped:
        progress.say(_("Everything has ended; nothing is lost. `make run` starts it again."))
        return 0


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """Once: further signals must not cut short what ends in order.

    It is noted too: where Python runs a callback of its own (after a fork, say) it swallows what a
    signal raises.
    """
    _asked.set()
    for known in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(known, signal.SIG_IGN)
    raise Stopped


def _unless_asked_to_end() -> None:
    if _asked.is_set():
        raise Stopped


def _database(parts: contextlib.ExitStack, progress: Progress) -> "subprocess.Popen[bytes] | None":
    """The server named by RECOUP_DATABASE_URL, checked; else our own, which is our child."""
    if url := os.environ.get("RECOUP_DATABASE_URL"):
        with progress.step(_("Database (yours)")):
            check_server(url)
        return None

    def waiting() -> None:
        progress.say(_("Another recoup command uses the database; waiting until it has ended …"))

    with progress.step(_("Database")):
        return parts.enter_context(embedded_postgres.owned(settings.VAR, waiting))


def prepare(progress: Progress, password: str, *, with_sample: bool) -> date | None:
    """Tables, people, sample and night: what is there already costs nothing. The business day."""
    with progress.step(_("Translations")):
        compile_all()
    with progress.step(_("Tables")):
        _migrate()
        data_keys.ring()  # the key file is made now, or its loss is told before anything begins
    audit.name_job("run", for_all=True)
    if with_sample:  # nor do known passwords go where real debtors are
        sample.refuse_among_real_lenders()
        with progress.step(_("People")):
            demo.add_demo_logins(password, lender_id=sample.add_lender())
    work_as(settings_of(os.environ | {VARIABLE: Role.WORKER}, settings.VAR))
    if with_sample and (business_day() or date.min) < sample.BUSINESS_DAY:
        with progress.step(_("Sample portfolio")):
            sample.load(progress.part)
        with progress.step(_("Night of %(day)s") % {"day": sample.BUSINESS_DAY}):
            run_night(as_of=sample.BUSINESS_DAY, tell=lambda done: _tell(progress, done))
        demo.place_some(sample.BUSINESS_DAY)
    day = business_day()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's own
    return day


def _migrate() -> None:
    plan = MigrationExecutor(connection)
    if plan.migration_plan(plan.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    else:
        applying.apply()
        watching.watch()


def _tell(progress: Progress, done: StepDone) -> None:
    _unless_asked_to_end()
    progress.part(done.position, done.of, done.name)


def _start(parts: contextlib.ExitStack, progress: Progress, site: Site) -> list[Child]:
    """The web server, then the worker, so that the first page does not wait for both."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with progress.step(_("Web server")):
        web = launch("web", site.web_command(), settings.VAR, {VARIABLE: Role.WEB})
        parts.callback(web.stop, 10)
        site.wait_for_page(alive=lambda: _all_alive([web]))
    with progress.step(_("Worker")):
        worker = launch("worker", site.worker_command(), settings.VAR, {VARIABLE: Role.WORKER})
        parts.callback(worker.stop, 20)
    return [web, worker]


def _all_alive(children: list[Child]) -> bool:
    for child in children:
        if child.process.poll() is not None:
            raise CannotRun(
                _("%(name)s has ended (code %(code)s). The end of %(log)s:\n%(words)s")
                % {
                    "name": child.name,
                    "code": child.process.returncode,
                    "log": child.log,
                    "words": child.last_words(),
                }
            )
    return True


def _watch(children: list[Child], database: "subprocess.Popen[bytes] | None") -> int:
    while _all_alive(children):
        _unless_asked_to_end()
        if database is not None and database.poll() is not None:
            log = settings.VAR / "log" / "postgres.log"
            raise CannotRun(_("The database has ended; %(log)s says why.") % {"log": log})
        time.sleep(WATCH_SECONDS)
    return 1


def _welcome(site: Site, day: date | None, password: str, seconds: float) -> Iterator[str]:
    yield ""
    yield _("Recoup runs at  %(address)s") % {"address": site.address}
    if day is not None:
        yield _(
            "Business day    %(day)s (that of the last night; it does not follow the clock)"
        ) % {"day": day}
    if password:
        yield _("Password        %(password)s   for each of") % {"password": password}
        for login in demo.LOGINS:
            yield f"                {login.username:<10} {login.name} · {login.role}"
        yield _("Second factor   where a page asks for one, this prints the code to set it up:")
        yield f"                {ENROL}"
    else:
        yield _("First person    recoup staff add NAME --role OPERATOR")
    yield _("Started in %(seconds).1f s. Logs: %(log)s. Ctrl-C ends it.") % {
        "seconds": seconds,
        "log": settings.VAR / "log",
    }
