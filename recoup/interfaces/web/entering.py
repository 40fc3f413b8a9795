"""Who is signed in is let into the database too, in the statement that finds out who it is."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, cast

from django.contrib.auth.backends import ModelBackend
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from recoup.foundation.access import entering
from recoup.foundation.access.context import NOBODY, held
from recoup.foundation.access.entering import Entered
from recoup.foundation.request_log import asked_by

SECOND_FACTOR = "second_factor"  # in the session: when it was opened or confirmed with one
_is_strong: ContextVar[bool] = ContextVar("recoup_session_is_strong", default=False)


class EnteringBackend(ModelBackend):
    """Finds the signed-in person by letting them in: one statement instead of two."""

    def get_user(self, user_id: int) -> Any:
        """The active person with this id, let in; None for nobody."""
        entered = entering.enter(
            user_id, on=timezone.localdate(), has_second_factor=_is_strong.get()
        )
        if entered is None:
            return None
        entered.user.entered = entered
        return entered.user


def entered_by(request: HttpRequest) -> Entered | None:
    """What was found out when the signed-in person was let in; None where nobody is."""
    return getattr(request.user, "entered", None)


class Entering:
    """Whoever is signed in is in for this request, in Python and in the database; else nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        entered = _entered(request)
        if entered:
            asked_by(f"user {entered.access.user_id}")
        with held(entered.access if entered else NOBODY):
            return self.get_response(request)


def _entered(request: HttpRequest) -> Entered | None:
    """Whoever is signed in, let in; else nobody is in, whoever this connection served before."""
    token = _is_strong.set(bool(request.session.get(SECOND_FACTOR)))
    try:
        is_signed_in = request.user.is_authenticated
    finally:
        _is_strong.reset(token)
    if is_signed_in:
        return cast("Entered", request.user.entered)  # type: ignore[union-attr]  # by the backend
    if connection.connection is not None:  # else the pool gives one on which nobody is in
        entering.leave()
    return None
