"""What changes about a user from inside the console."""

from datetime import datetime

from recoup.foundation import db
from recoup.modules.workforce import models, rules
from recoup.modules.workforce.rules import StaffRole


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
def add_user(
    *,
    username: str,
    password: str,
    display_name: str,
    role: StaffRole,
    team_id: int | None,
    employee_number: str = "",
    takes_cases: bool = False,
) -> int:
    """Let somebody sign in; one who can already stays as they are, password included."""
    known = models.User.objects.filter(username=username).first()
    if known is not None:
        return int(known.pk)
    user = models.User.objects.create_user(
        username,
        password=password,
        display_name=display_name,
        role=role,
        team_id=team_id,
        employee_number=employee_number,
        takes_cases=takes_cases,
    )
    return int(user.pk)


@db.use_case()
def note_failed_sign_in(*, username: str, at: datetime) -> None:
    """Remember a wrong password; those that no longer count are forgotten."""
    models.FailedSignIn.objects.filter(at__lte=at - rules.PAUSE).delete()
    models.FailedSignIn.objects.create(username=username, at=at)
