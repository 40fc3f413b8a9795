"""Questions about teams, the people in them, and what they may do."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db.models import Count, Q

from recoup.foundation import db
from recoup.foundation.access.rights import Right
from recoup.modules.workforce import models
from recoup.modules.workforce.rules import GrantAsked, Holder, RoleOffered, RoleUnknown, StaffRole

SQL = Path(__file__).parent / "sql"
_PEOPLE = (SQL / "people.sql").read_text()
_GRANTS = (SQL / "grants.sql").read_text()
_ROLE_HOLDERS = (SQL / "role_holders.sql").read_text()
_ROLE_CHANGES = (SQL / "role_changes.sql").read_text()
DECIDED_SHOWN = 50


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

    `role_words` are the roles' names where the house gave them one, else their codes. Factors are
    told to whoever manages staff, and to nobody else.
    """

    id: int
    username: str
    display_name: str
    employee_number: str
    team_name: str
    is_active: bool
    takes_cases: bool
    last_login: datetime | None
    is_service: bool
    roles: tuple[str, ...]
    role_words: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class RoleChangeRow:
    """A change of a role that was asked for, and what became of it."""

    id: int
    role: str
    role_words: str
    based_on: str
    reason: str
    state: str
    rights_before: frozenset[str]
    rights_after: frozenset[str]
    asked_by: int
    asked_name: str
    asked_at: datetime
    decided_name: str
    decided_at: datetime | None
    decision_reason: str

    @property
    def given(self) -> list[str]:
        """The rights that the role would get, or got."""
        return sorted(self.rights_after - self.rights_before)

    @property
    def taken(self) -> list[str]:
        """The rights that the role would lose, or lost."""
        return sorted(self.rights_before - self.rights_after)


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
    lists = ("roles", "role_words", "factors")
    return [PersonRow(**(row | {name: tuple(row[name]) for name in lists})) for row in rows]


def grants(*, user_id: int) -> list[GrantRow]:
    """The roles somebody has and had, those that stand first."""
    return [GrantRow(**row) for row in db.ask(_GRANTS, {"user_id": user_id})]


def roles() -> list[RoleOffered]:
    """Every role with its rights: ours in the order of the stages, then the house's by name."""
    rights = dict[str, set[str]]()
    for role, right in models.RoleRight.objects.values_list("role_id", "right_code"):
        rights.setdefault(role, set()).add(right)
    order = {code.value: place for place, code in enumerate(StaffRole)}
    known = sorted(models.Role.objects.all(), key=lambda r: (order.get(r.code, len(order)), r.name))
    return [
        RoleOffered(r.code, r.reach, r.must_expire, frozenset(rights.get(r.code, ())), r.name)
        for r in known
    ]


def role_offered(code: str) -> RoleOffered:
    """One role with its rights. Raises RoleUnknown."""
    found = [role for role in roles() if role.code == code]
    if not found:
        raise RoleUnknown
    return found[0]


def roles_with(right: Right) -> list[RoleOffered]:
    """The roles that have a right."""
    return [role for role in roles() if right in role.rights]


def is_service(user_id: int) -> bool:
    """Whether this is a service, which keys open and no password."""
    return models.User.objects.filter(id=user_id, is_service=True).exists()


def holders(role: str) -> list[Holder]:
    """Who holds a role now, with the rights of their other roles."""
    rows = db.ask(_ROLE_HOLDERS, {"role": role})
    return [Holder(r["user_id"], r["name"], frozenset(r["other_rights"])) for r in rows]


def holders_of_roles() -> dict[str, int]:
    """How many people hold each role now."""
    standing = models.Grant.objects.filter(ended_at=None).values_list("role_id")
    return dict(standing.annotate(held=Count("user_id", distinct=True)))


def managers_without(role: str, *, today: date) -> int:
    """How many people manage staff through a role other than this one."""
    managing = models.RoleRight.objects.filter(right_code=Right.MANAGE_STAFF).exclude(role_id=role)
    standing = models.Grant.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=today),
        ended_at=None,
        user__is_active=True,
        role__in=managing.values("role_id"),
    )
    return standing.values("user_id").distinct().count()


def role_changes(*, waiting: bool) -> list[RoleChangeRow]:
    """Changes of roles that wait, the oldest first; or those decided, the last first."""
    wanted = {"waiting": waiting, "limit": DECIDED_SHOWN}
    lists = ("rights_before", "rights_after")
    return [
        RoleChangeRow(**(row | {name: frozenset(row[name]) for name in lists}))
        for row in db.ask(_ROLE_CHANGES, wanted)
    ]


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
