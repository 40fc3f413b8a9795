"""The application's database roles in the tests: pages are asked as web, jobs as worker.

Tests make their people and loans as the owner, whom no policy holds back. A request of the test
client or the live server is answered as `recoup_web`, a night and an intake run as `recoup_worker`,
as in production.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from psycopg import sql
from psycopg.pq import TransactionStatus

from recoup.foundation.access.roles import NAMES, Role

JOBS = ("recoup.interfaces.worker.night.run_job", "recoup.modules.intake.services.take_in")


@contextmanager
def working_as(role: Role) -> Iterator[None]:
    """Work as this role for the length of a `with`, on the connection of this thread.

    Straight on the driver's connection, so that no count of queries sees it.
    """
    try:
        connection.ensure_connection()
    except RuntimeError:  # the test did not ask for a database, so nothing will
        yield
        return
    before = connection.connection.execute("SELECT current_setting('role')").fetchone()[0]
    _switch(NAMES.get(role, "none"))
    try:
        yield
    finally:
        raw = connection.connection
        if raw is not None and raw.info.transaction_status != TransactionStatus.INERROR:
            _switch(before)


def _switch(name: str) -> None:
    """Temporary tables belong to who made them, and the next one makes its own."""
    raw = connection.connection
    raw.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(name)))
    raw.execute("DISCARD TEMP")


def as_role(role: Role, called: Callable[..., Any]) -> Callable[..., Any]:
    """The same, worked as this role."""

    @wraps(called)
    def working(*args: Any, **more: Any) -> Any:
        with working_as(role):
            return called(*args, **more)

    return working


@contextmanager
def as_in_production() -> Iterator[None]:
    """Requests are answered as web and jobs run as worker while this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", as_role(Role.WEB, BaseHandler.get_response))
        for job in JOBS:
            patch.setattr(job, as_role(Role.WORKER, _found(job)))
        yield


def _found(name: str) -> Callable[..., Any]:
    module, _, attribute = name.rpartition(".")
    return getattr(__import__(module, fromlist=[attribute]), attribute)  # type: ignore[no-any-return]
