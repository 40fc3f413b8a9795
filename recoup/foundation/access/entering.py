"""Letting somebody in: one statement fills the connection's context and returns what they may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from recoup.foundation.access.context import Access
from recoup.foundation.access.pooling import LEAVE
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.journal import RunRow

# The person's own row (without the password's hash) and the rest in one: a page's first statement.
ENTER = """
SELECT {columns}, e.password_print, e.rights AS entered_rights, e.reach AS entered_reach,
       e.lender_ids, e.agency_id AS entered_agency_id, e.roles AS entered_roles, e.team_name,
       e.night_of, e.night_started_at, e.night_finished_at
  FROM access_enter(%s, %s, %s, %s::text[]) e
"""


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who was let in: their row, what they may, their team, the last finished night."""

    user: Any
    access: Access
    roles: tuple[str, ...]
    team_name: str
    night: RunRow | None


def enter(
    user_id: int, *, on: date, has_second_factor: bool, scopes: Iterable[Right] | None = None
) -> Entered | None:
    """Let an active person in on this connection; None, and nobody in, if there is no such one.

    With `scopes` they have only these of their rights: those a service's key was made for.
    """
    only = None if scopes is None else [right.value for right in scopes]
    asked = [user_id, on, has_second_factor, only]
    found = list(get_user_model().objects.raw(_statement(), asked))
    if not found:
        return None
    (user,) = found
    return Entered(
        user=user,
        access=_access(user, has_second_factor),
        roles=tuple(user.entered_roles),
        team_name=user.team_name,
        night=_night(user),
    )


@cache
def _statement() -> str:
    fields = get_user_model()._meta.concrete_fields
    columns = [f"(e.person).{field.column}" for field in fields if field.column != "password"]
    return ENTER.format(columns=", ".join(columns))


def _access(user: Any, has_second_factor: bool) -> Access:
    return Access(
        user_id=user.pk,
        rights=frozenset(Right(code) for code in user.entered_rights),
        reach=Reach(user.entered_reach),
        lender_ids=tuple(user.lender_ids),
        agency_id=user.entered_agency_id,
        team_id=user.team_id,
        has_second_factor=has_second_factor,
    )


def _night(user: Any) -> RunRow | None:
    if user.night_of is None:
        return None
    return RunRow(user.night_of, user.night_started_at, user.night_finished_at)


def leave() -> None:
    """Let nobody be in on this connection any more."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE)
