"""Roles of people who work here, which duties one person never joins, and what a grant must say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recoup.core.refusals import Refused

LONGEST_REASON = 200


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


@dataclass(frozen=True, slots=True)
class RoleOffered:
    """What a role is, as the data says."""

    code: str
    reach: str
    must_expire: bool
    rights: frozenset[str]


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
