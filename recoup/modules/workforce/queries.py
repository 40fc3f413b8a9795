"""Questions about teams and the people in them."""

from dataclasses import dataclass
from datetime import datetime

from recoup.modules.workforce import models, rules


@dataclass(frozen=True, slots=True)
class TeamRow:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CollectorRow:
    id: int
    name: str
    team_id: int | None


def teams() -> list[TeamRow]:
    """Every team, by name."""
    return [TeamRow(*row) for row in models.Team.objects.order_by("name").values_list("id", "name")]


def team_name(team_id: int | None) -> str:
    """A team's name; empty for none."""
    if team_id is None:
        return ""
    found = models.Team.objects.filter(id=team_id).values_list("name", flat=True).first()
    return found or ""


def collector(user_id: int) -> CollectorRow | None:
    """The person with this id."""
    user = models.User.objects.filter(id=user_id).first()
    if user is None:
        return None
    return CollectorRow(user.id, name_of(user.display_name, user.username), user.team_id)


def name_of(display_name: str, username: str) -> str:
    """How a colleague is called on screen."""
    return display_name or username


def is_paused(username: str, at: datetime) -> bool:
    """Whether too many wrong passwords were given for this name just now."""
    failures = models.FailedSignIn.objects.filter(username=username, at__gt=at - rules.PAUSE)
    return rules.is_paused(list(failures.values_list("at", flat=True)), at)
