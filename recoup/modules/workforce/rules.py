"""Roles of people who work here, which duties one person never joins, and what a grant must say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recoup.core.refusals import Refused

LONGEST_REASON = 200
LONGEST_ROLE_NAME = 40
# Managing staff takes two: one asks, one approves.
FEWEST_MANAGERS = 2
# Reaches of people who do not work in this house, and rights that no lender or agency bounds.
OUTSIDE = frozenset({"AGENCY", "LENDER", "SELF"})
MANAGES = "MANAGE_STAFF"
OF_THE_HOUSE = frozenset({MANAGES, "OPERATE"})


class StaffRole(StrEnum):
    """What somebody is here for, by stage; what each may do is data (docs/security/roles.md)."""

    COLLECTOR = "COLLECTOR"
    LEADER = "LEADER"
    FINANCE = "FINANCE"
    INTAKE = "INTAKE"
    ENTRY = "ENTRY"
    CLOSING = "CLOSING"
    COMPLIANCE = "COMPLIANCE"
    AUDIT = "AUDIT"
    INSPECTOR = "INSPECTOR"
    OPERATOR = "OPERATOR"
    AGENCY = "AGENCY"
    LENDER = "LENDER"
    BORROWER = "BORROWER"
    SERVICE = "SERVICE"


# Not for people of this house, so that no role of its own is made from them.
NOT_COPIED = frozenset({StaffRole.SERVICE, StaffRole.BORROWER})


class ChangeState(StrEnum):
    """What became of a change of a role."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class DutiesConflict(Refused):
    """The person would hold two rights which one person never holds."""

    code = "duties_conflict"
    message = "One person never holds both: %(first)s, and %(second)s."


class ReachDiffers(Refused):
    """The person would reach wider in one role through another."""

    code = "reach_differs"
    message = "This person has a role of another reach. End it first, or use a login of its own."


class UntilMissing(Refused):
    """This role is granted until a day only."""

    code = "grant_without_end"
    message = "Say until when: this role is granted for a time only."


class UntilPast(Refused):
    """The grant would be over before it begins."""

    code = "grant_already_over"
    message = "The last day lies in the past."


class ForWhomMissing(Refused):
    """A lender's or an agency's role does not say whose, or another role names an agency."""

    code = "grant_for_nobody"
    message = "Say for whom: a lender's role names the lender, an agency's role the agency."


class GrantKnown(Refused):
    """The person has this role already."""

    code = "grant_known"
    message = "This person has this role already."


class GrantToOneself(Refused):
    """Nobody hands rights to themselves."""

    code = "grant_to_oneself"
    message = "Nobody changes their own rights; ask another operator."


class PersonUnknown(Refused):
    """Nobody here has this number."""

    code = "person_unknown"
    message = "There is nobody with this number, or they no longer work here."


class NameTaken(Refused):
    """Somebody signs in by this name."""

    code = "user_name_taken"
    message = "Somebody signs in by this name already."


class GrantReasonMissing(Refused):
    """Rights are given and taken for a reason that can be read later."""

    code = "grant_without_reason"
    message = "Say why; it is kept with your name."


class RoleForPeople(Refused):
    """A service account would get a role of people, or a person the service's."""

    code = "role_for_people"
    message = "A service account has the service's role and no other, and nobody else has that."


class RoleUnknown(Refused):
    """There is no such role."""

    code = "role_unknown"
    message = "There is no such role."


class RightsUnchanged(Refused):
    """The role has these rights already."""

    code = "role_rights_unchanged"
    message = "These are the rights the role has. Nothing would change."


class RightsUnknown(Refused):
    """A right that a page would not have offered."""

    code = "role_rights_unknown"
    message = "Choose rights from the list."


class RightOfTheHouse(Refused):
    """Who is not of this house would manage its staff."""

    code = "role_right_of_the_house"
    message = "A role for people outside this house never gets this: %(right)s."


class DutiesJoined(Refused):
    """Somebody who holds the role would join duties through another."""

    code = "role_joins_duties"
    message = "%(name)s would hold both, through another role: %(first)s, and %(second)s."


class OwnRoleWider(Refused):
    """Who asks or approves would have more themselves."""

    code = "role_is_ones_own"
    message = "You hold this role: nobody gives their own role more. Ask somebody without it."


class NobodyLeft(Refused):
    """Nobody, or one person alone, could manage staff."""

    code = "role_leaves_nobody"
    message = "Fewer than two people could manage staff then, and none of it could be taken back."


class ChangeWaits(Refused):
    """One change at a time, else the second would approve something nobody saw."""

    code = "role_change_waits"
    message = "A change of this role is waiting: it has to be decided or withdrawn first."


class RoleMoved(Refused):
    """The rights are not those the change was asked for."""

    code = "role_has_moved"
    message = "The role has other rights since this was asked. Refuse it, and ask anew."


class ChangeDecided(Refused):
    """There is no such change, or it does not wait any more."""

    code = "role_change_decided"
    message = "This change does not wait any more: it was decided or withdrawn."


class OwnChange(Refused):
    """Nobody approves their own change."""

    code = "role_change_own"
    message = "You asked for this change; somebody else has to decide it."


class NotOwnChange(Refused):
    """A change is withdrawn by whoever asked."""

    code = "role_change_not_own"
    message = "Only who asked for a change withdraws it; refuse it instead."


class RoleNameUnsound(Refused):
    """A role of the house's own is called by a name nothing else has."""

    code = "role_name_unsound"
    message = "Give the new role a name that no other role has."


class NotCopied(Refused):
    """The role is not for people of this house."""

    code = "role_not_copied"
    message = "No role is made from that of a service account or a borrower."


@dataclass(frozen=True, slots=True)
class RoleOffered:
    """What a role is, as the data says; one of the house's own has a name."""

    code: str
    reach: str
    must_expire: bool
    rights: frozenset[str]
    name: str = ""

    @property
    def words(self) -> str:
        """What it is called by: its name, or the code that each language has words for."""
        return self.name or self.code


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role, with the rights of their other roles."""

    user_id: int
    name: str
    other_rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class GrantAsked:
    """A role to be given; without a lender, for every lender of the installation."""

    role: RoleOffered
    lender_id: int | None = None
    agency_id: int | None = None
    expires_on: date | None = None


def refuse_unsound_grant(
    asked: GrantAsked,
    held: Collection[GrantAsked],
    conflicts: Iterable[tuple[str, str]],
    *,
    today: date,
) -> None:
    """Refuse what the database would refuse too, in words.

    Raises UntilMissing, UntilPast, ForWhomMissing, GrantKnown, ReachDiffers, DutiesConflict.
    """
    role = asked.role
    if role.must_expire and asked.expires_on is None:
        raise UntilMissing
    if asked.expires_on is not None and asked.expires_on < today:
        raise UntilPast
    if (role.reach == "AGENCY") != (asked.agency_id is not None) or (
        role.reach == "LENDER" and asked.lender_id is None
    ):
        raise ForWhomMissing
    if any(_same(asked, other) for other in held):
        raise GrantKnown
    if any(not may_stand_together(asked, other) for other in held):
        raise ReachDiffers
    joined = role.rights.union(*(other.role.rights for other in held))
    found = first_conflict(joined, conflicts)
    if found:
        raise DutiesConflict(first=found[0], second=found[1])


def refuse_unsound_rights(
    role: RoleOffered, wanted: frozenset[str], conflicts: Collection[tuple[str, str]]
) -> None:
    """Refuse rights that no role of this reach may have.

    Raises RightOfTheHouse, DutiesConflict.
    """
    of_the_house = sorted(wanted & OF_THE_HOUSE)
    if role.reach in OUTSIDE and of_the_house:
        raise RightOfTheHouse(right=of_the_house[0])
    found = first_conflict(wanted, conflicts)
    if found:
        raise DutiesConflict(first=found[0], second=found[1])


def refuse_unsound_change(
    role: RoleOffered,
    wanted: frozenset[str],
    holders: Collection[Holder],
    conflicts: Collection[tuple[str, str]],
    *,
    by: int,
    other_managers: int,
) -> None:
    """Refuse other rights for a role; `other_managers` manage staff through another role.

    Raises RightsUnchanged, OwnRoleWider, NobodyLeft, DutiesJoined and what `refuse_unsound_rights`
    does.
    """
    if wanted == role.rights:
        raise RightsUnchanged
    refuse_unsound_rights(role, wanted, conflicts)
    if wanted - role.rights and any(holder.user_id == by for holder in holders):
        raise OwnRoleWider
    if MANAGES in role.rights - wanted and other_managers < FEWEST_MANAGERS:
        raise NobodyLeft
    for holder in holders:
        found = first_conflict(wanted | holder.other_rights, conflicts)
        if found:
            raise DutiesJoined(name=holder.name, first=found[0], second=found[1])


def sound_role_name(name: str, taken: Collection[str]) -> str:
    """The name without needless blanks. Raises RoleNameUnsound."""
    bare = " ".join(name.split())
    if not bare or len(bare) > LONGEST_ROLE_NAME or bare.casefold() in map(str.casefold, taken):
        raise RoleNameUnsound
    return bare


def refuse_wrong_kind(role: str, *, is_service: bool) -> None:
    """Raises RoleForPeople."""
    if (role == StaffRole.SERVICE) is not is_service:
        raise RoleForPeople


def first_conflict(
    rights: Collection[str], conflicts: Iterable[tuple[str, str]]
) -> tuple[str, str] | None:
    """The first pair, by the alphabet, of duties that these rights would join."""
    joined = sorted(pair for pair in conflicts if pair[0] in rights and pair[1] in rights)
    return joined[0] if joined else None


def may_stand_together(one: GrantAsked, other: GrantAsked) -> bool:
    """Whether both reach as far: else one role's rights would travel on the other's reach."""
    if "NONE" in {one.role.reach, other.role.reach}:
        return True
    return one.role.reach == other.role.reach and one.agency_id == other.agency_id


def _same(one: GrantAsked, other: GrantAsked) -> bool:
    return (one.role.code, one.lender_id, one.agency_id) == (
        other.role.code, other.lender_id, other.agency_id,
    )  # fmt: skip


def sound_reason(reason: str) -> str:
    """The reason without blanks around it. Raises GrantReasonMissing."""
    bare = reason.strip()
    if not bare:
        raise GrantReasonMissing
    return bare[:LONGEST_REASON]
