"""Questions about teams, the people in them, and what they may do."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from recoup.foundation import db
from recoup.foundation.access.rights import Right
from recoup.modules.workforce import models
from recoup.modules.workforce.rules import GrantAsked, RoleOffered, StaffRole

SQL = Path(__file__).parent / "sql"
_PEOPLE = (SQL / "people.sql").read_text()
_GRANTS = (SQL / "grants.sql").read_text()


@dataclass(frozen=True, slots=True)
class TeamRow:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CollectorRow:
    id: int
    name: str
    team_id: int | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who works here, or did: the roles that stand, the second factors set up.

    Factors are told to whoever manages staff, and to nobody else.
    """

    id: int
    username: str
    display_name: str
    employee_number: str
    team_name: str
    is_active: bool
    takes_cases: bool
    last_login: datetime | None
    roles: tuple[str, ...]
    first_expiry_on: date | None
    factors: tuple[str, ...]

    @property
    def name(self) -> str:
        return name_of(self.display_name, self.username)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role that somebody has or had, for whom, from whom, why and until when."""

    id: int
    role: str
    lender_name: str
    agency_name: str
    expires_on: date | None
    granted_at: datetime
    granted_by: str
    reason: str
    ended_at: datetime | None
    ended_by: str


def teams() -> list[TeamRow]:
    """Every team, by name."""
    return [TeamRow(*row) for row in models.Team.objects.order_by("name").values_list("id", "name")]


def agencies() -> list[AgencyRow]:
    """Every company that collects for us, by name."""
    rows = models.Agency.objects.order_by("name").values_list("id", "name")
    return [AgencyRow(*row) for row in rows]


def team_name(team_id: int | None) -> str:
    """A team's name; empty for none."""
    if team_id is None:
        return ""
    found = models.Team.objects.filter(id=team_id).values_list("name", flat=True).first()
    return found or ""


def collector(user_id: int) -> CollectorRow | None:
    """The person with this id."""
    facts = ("id", "display_name", "username", "team_id")
    row = models.User.objects.filter(id=user_id).values_list(*facts).first()
    if row is None:
        return None
    return CollectorRow(row[0], name_of(row[1], row[2]), row[3])


def name_of(display_name: str, username: str) -> str:
    """How a colleague is called on screen."""
    return display_name or username


def people(*, user_id: int | None = None) -> list[PersonRow]:
    """Everybody who signs in, those who left last; or one of them."""
    rows = db.ask(_PEOPLE, {"user_id": user_id})
    lists = ("roles", "factors")
    return [PersonRow(**(row | {name: tuple(row[name]) for name in lists})) for row in rows]


def grants(*, user_id: int) -> list[GrantRow]:
    """The roles somebody has and had, those that stand first."""
    return [GrantRow(**row) for row in db.ask(_GRANTS, {"user_id": user_id})]


def roles() -> list[RoleOffered]:
    """Every role with its rights, in the order of the stages."""
    rights = dict[str, set[str]]()
    for role, right in models.RoleRight.objects.values_list("role_id", "right_code"):
        rights.setdefault(role, set()).add(right)
    known = {role.code: role for role in models.Role.objects.all()}
    return [
        RoleOffered(
            code, known[code].reach, known[code].must_expire, frozenset(rights.get(code, ()))
        )
        for code in StaffRole
        if code in known
    ]


def role_offered(code: StaffRole) -> RoleOffered:
    """One role with its rights."""
    return next(role for role in roles() if role.code == code)


def roles_with(right: Right) -> list[str]:
    """The roles that have a right, in the order of the stages."""
    found = models.RoleRight.objects.filter(right_code=right).values_list("role_id", flat=True)
    return [code.value for code in StaffRole if code in set(found)]


def standing_grants(user_id: int) -> list[GrantAsked]:
    """The grants somebody holds that have not ended."""
    offered = {role.code: role for role in roles()}
    facts = ("role_id", "lender_id", "agency_id", "expires_on")
    held = models.Grant.objects.filter(user_id=user_id, ended_at=None).values_list(*facts)
    return [GrantAsked(offered[row[0]], *row[1:]) for row in held]


def duty_conflicts() -> list[tuple[str, str]]:
    """The pairs of rights which one person never holds."""
    return list(
        models.DutyConflict.objects.order_by("right_a", "right_b").values_list("right_a", "right_b")
    )
