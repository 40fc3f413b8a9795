"""What changes about the people here: who they are, what they may do, when they leave."""

from collections.abc import Sequence
from datetime import date, datetime

from recoup.foundation import db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.foundation.sign_in import services as sign_in
from recoup.modules.workforce import models, queries, rules
from recoup.modules.workforce.rules import GrantAsked, StaffRole


@db.use_case()
def change_language(*, user_id: int, language: str) -> None:
    """Keep the language a user reads in; the door offers only those it speaks."""
    models.User.objects.filter(id=user_id).update(language=language)


@db.use_case()
def add_team(*, code: str, name: str) -> int:
    """Enter a team; one that is known stays as it is."""
    team, _ = models.Team.objects.get_or_create(code=code, defaults={"name": name})
    return int(team.pk)


@db.use_case()
def add_agency(*, code: str, name: str) -> int:
    """Enter a company that collects for us; one that is known stays as it is."""
    agency, _ = models.Agency.objects.get_or_create(code=code, defaults={"name": name})
    return int(agency.pk)


@db.use_case()
def add_user(
    *,
    username: str,
    password: str,
    display_name: str,
    role: StaffRole,
    team_id: int | None,
    at: datetime,
    employee_number: str = "",
    takes_cases: bool = False,
    lender_id: int | None = None,
    agency_id: int | None = None,
    expires_on: date | None = None,
) -> int:
    """Let somebody sign in, in one role; one who can already stays as they are, password too.

    Raises what `refuse_unsound_grant` does.
    """
    access.require(Right.MANAGE_STAFF)
    known = models.User.objects.filter(username=username).first()
    if known is not None:
        return int(known.pk)
    asked = GrantAsked(queries.role_offered(role), lender_id, agency_id, expires_on)
    rules.refuse_unsound_grant(asked, (), (), today=at.date())
    user = models.User.objects.create_user(
        username,
        password=password,
        display_name=display_name,
        team_id=team_id,
        employee_number=employee_number,
        takes_cases=takes_cases,
    )
    models.Grant.objects.create(
        user=user,
        role_id=role,
        lender_id=lender_id,
        agency_id=agency_id,
        expires_on=expires_on,
        granted_at=at,
    )
    return int(user.pk)


@db.use_case()
def add_person(
    *,
    username: str,
    password: str,
    display_name: str,
    employee_number: str,
    team_id: int | None,
    takes_cases: bool,
) -> int:
    """Let somebody sign in, with no role yet. Raises NameTaken."""
    access.require(Right.MANAGE_STAFF)
    if models.User.objects.filter(username=username).exists():
        raise rules.NameTaken
    user = models.User.objects.create_user(
        username,
        password=password,
        display_name=display_name,
        employee_number=employee_number,
        team_id=team_id,
        takes_cases=takes_cases,
    )
    return int(user.pk)


@db.use_case()
def grant(
    *,
    user_id: int,
    role: StaffRole,
    reason: str,
    actor_id: int | None,
    at: datetime,
    today: date,
    lender_ids: Sequence[int | None] = (None,),
    agency_id: int | None = None,
    expires_on: date | None = None,
) -> None:
    """Give somebody a role for these lenders; None among them is every lender.

    Raises GrantToOneself, PersonUnknown, GrantReasonMissing and what `refuse_unsound_grant` does.
    """
    access.require(Right.MANAGE_STAFF)
    if user_id == actor_id:
        raise rules.GrantToOneself
    said = rules.sound_reason(reason)
    _lock_person(user_id)
    _end_expired(user_id, today, at)
    offered = queries.role_offered(role)
    for lender_id in lender_ids:
        asked = GrantAsked(offered, lender_id, agency_id, expires_on)
        held = queries.standing_grants(user_id)
        rules.refuse_unsound_grant(asked, held, queries.duty_conflicts(), today=today)
        models.Grant.objects.create(
            user_id=user_id,
            role_id=role,
            lender_id=lender_id,
            agency_id=agency_id,
            expires_on=expires_on,
            granted_by_id=actor_id,
            granted_at=at,
            reason=said,
        )


@db.use_case()
def end_grant(*, grant_id: int, actor_id: int | None, at: datetime) -> None:
    """Take a role back, at once; one that has ended stays as it ended.

    Raises GrantToOneself: else the last operator could lock everybody out.
    """
    access.require(Right.MANAGE_STAFF)
    held = models.Grant.objects.select_for_update().filter(id=grant_id, ended_at=None)
    if actor_id is not None and held.filter(user_id=actor_id).exists():
        raise rules.GrantToOneself
    held.update(ended_at=at, ended_by_id=actor_id)


@db.use_case()
def end_employment(*, user_id: int, actor_id: int | None, at: datetime) -> None:
    """Somebody leaves: no sign-in, no session, no key, no role, no new case, from now on.

    The night gives their cases to others. Raises GrantToOneself and PersonUnknown.
    """
    access.require(Right.MANAGE_STAFF)
    if user_id == actor_id:
        raise rules.GrantToOneself
    _lock_person(user_id)
    models.User.objects.filter(id=user_id).update(is_active=False, takes_cases=False)
    models.Grant.objects.filter(user_id=user_id, ended_at=None).update(
        ended_at=at, ended_by_id=actor_id
    )
    sign_in.shut_out(user_id=user_id, at=at)


def _lock_person(user_id: int) -> None:
    """Grants of one person take turns until the transaction ends. Raises PersonUnknown."""
    found = models.User.objects.select_for_update().filter(id=user_id, is_active=True)
    if not found.exists():
        raise rules.PersonUnknown


def _end_expired(user_id: int, today: date, at: datetime) -> None:
    """What is over stands in nobody's way."""
    models.Grant.objects.filter(user_id=user_id, ended_at=None, expires_on__lt=today).update(
        ended_at=at
    )
