"""What changes about the people here: who they are, what they may do, when they leave."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from recoup.foundation import audit, db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.foundation.sign_in import enrolment
from recoup.foundation.sign_in import services as sign_in
from recoup.modules.workforce import models, queries, rules
from recoup.modules.workforce.rules import ChangeState, GrantAsked, RoleOffered, StaffRole


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
    is_first_password: bool = True,
) -> int:
    """Let somebody sign in, in one role; one who can already stays as they are, password too.

    They change a first password when they sign in: somebody else chose it.

    Raises RoleForPeople and what `refuse_unsound_grant` does.
    """
    access.require(Right.MANAGE_STAFF)
    rules.refuse_wrong_kind(role, is_service=False)
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
    if is_first_password:
        enrolment.note_first_password(user_id=user.pk)
    return int(user.pk)


@db.use_case()
def add_person(
    *,
    username: str,
    password: str | None,
    display_name: str,
    employee_number: str,
    team_id: int | None,
    takes_cases: bool,
) -> int:
    """Let somebody sign in with a first password, with no role yet. Raises NameTaken.

    Without a password it is a service: keys alone open it, and the night gives it no case.
    """
    access.require(Right.MANAGE_STAFF)
    if models.User.objects.filter(username=username).exists():
        raise rules.NameTaken
    user = models.User.objects.create_user(
        username,
        password=password,
        display_name=display_name,
        employee_number=employee_number,
        team_id=team_id,
        takes_cases=takes_cases and password is not None,
        is_service=password is None,
    )
    if password is not None:
        enrolment.note_first_password(user_id=user.pk)
    return int(user.pk)


@db.use_case()
def grant(
    *,
    user_id: int,
    role: str,
    reason: str,
    actor_id: int | None,
    at: datetime,
    today: date,
    lender_ids: Sequence[int | None] = (None,),
    agency_id: int | None = None,
    expires_on: date | None = None,
) -> None:
    """Give somebody a role for these lenders; None among them is every lender.

    Raises GrantToOneself, PersonUnknown, GrantReasonMissing, RoleUnknown, RoleForPeople and what
    `refuse_unsound_grant` does.
    """
    access.require(Right.MANAGE_STAFF)
    if user_id == actor_id:
        raise rules.GrantToOneself
    said = rules.sound_reason(reason)
    _lock_person(user_id)
    _end_expired(user_id, today, at)
    offered = queries.role_offered(role)
    rules.refuse_wrong_kind(role, is_service=queries.is_service(user_id))
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


@db.use_case()
def ask_role_change(
    *,
    role: str,
    rights: Collection[str],
    reason: str,
    actor_id: int,
    at: datetime,
    today: date,
) -> int:
    """Ask for other rights for a role; a second person decides.

    Raises RoleUnknown, RightsUnknown, GrantReasonMissing, ChangeWaits and what
    `refuse_unsound_change` does.
    """
    access.require(Right.MANAGE_STAFF)
    offered, wanted = queries.role_offered(role), _known(rights)
    _refuse_unsound_change(offered, wanted, by=actor_id, today=today)
    return _ask(offered.rights, wanted, reason, actor_id, at, role=role)


@db.use_case()
def ask_new_role(
    *,
    based_on: str,
    name: str,
    rights: Collection[str],
    reason: str,
    actor_id: int,
    at: datetime,
) -> int:
    """Ask for a role of the house's own, which reaches as far as the one it is made from.

    Raises RoleUnknown, RightsUnknown, NotCopied, RoleNameUnsound, GrantReasonMissing, ChangeWaits
    and what `refuse_unsound_rights` does.
    """
    access.require(Right.MANAGE_STAFF)
    offered, wanted = queries.role_offered(based_on), _known(rights)
    if based_on in rules.NOT_COPIED:
        raise rules.NotCopied
    called = rules.sound_role_name(name, [role.words for role in queries.roles()])
    rules.refuse_unsound_rights(offered, wanted, queries.duty_conflicts())
    return _ask(offered.rights, wanted, reason, actor_id, at, name=called, based_on=based_on)


def _known(rights: Collection[str]) -> frozenset[str]:
    """These, if each is a right. Raises RightsUnknown."""
    wanted = frozenset(rights)
    if not wanted <= {right.value for right in Right}:
        raise rules.RightsUnknown
    return wanted


def _ask(
    before: Collection[str],
    after: Collection[str],
    reason: str,
    actor_id: int,
    at: datetime,
    **what: str,
) -> int:
    said = rules.sound_reason(reason)
    waiting = models.RoleChange.objects.filter(
        state=ChangeState.WAITING, role=what.get("role", ""), name=what.get("name", "")
    )
    if waiting.exists():
        raise rules.ChangeWaits
    change = models.RoleChange.objects.create(
        rights_before=sorted(before),
        rights_after=sorted(after),
        reason=said,
        state=ChangeState.WAITING,
        asked_by_id=actor_id,
        asked_at=at,
        **what,
    )
    return int(change.pk)


@db.use_case()
def decide_role_change(
    *, change_id: int, approve: bool, reason: str, actor_id: int, at: datetime, today: date
) -> None:
    """A second person approves, and the role has these rights from the next request on; or refuses.

    A trigger changes the rights when the change is approved. Raises ChangeDecided, OwnChange,
    GrantReasonMissing, RoleMoved, RoleNameUnsound and what `refuse_unsound_change` does.
    """
    access.require(Right.MANAGE_STAFF)
    change = _waiting(change_id)
    if change.asked_by_id == actor_id:
        raise rules.OwnChange
    said = rules.sound_reason(reason)
    if approve:
        _refuse_to_approve(change, by=actor_id, today=today)
    change.state = ChangeState.APPROVED if approve else ChangeState.REFUSED
    change.decided_by_id, change.decided_at, change.decision_reason = actor_id, at, said
    change.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    facts = {"role": change.role or f"OWN_{change.pk}", "asked_by": change.asked_by_id}
    rights = {"before": sorted(change.rights_before), "after": sorted(change.rights_after)}
    act = Act.ROLE_CHANGED if approve else Act.ROLE_CHANGE_REFUSED
    audit.record(act, "role_change", change.pk, facts=facts | rights)


@db.use_case()
def withdraw_role_change(*, change_id: int, actor_id: int, at: datetime) -> None:
    """Who asked takes it back. Raises ChangeDecided, NotOwnChange."""
    access.require(Right.MANAGE_STAFF)
    change = _waiting(change_id)
    if change.asked_by_id != actor_id:
        raise rules.NotOwnChange
    change.state, change.decided_at = ChangeState.WITHDRAWN, at
    change.save(update_fields=["state", "decided_at"])


def _waiting(change_id: int) -> models.RoleChange:
    """The change, until the transaction ends ours alone to decide. Raises ChangeDecided."""
    waiting = models.RoleChange.objects.select_for_update().filter(state=ChangeState.WAITING)
    change = waiting.filter(id=change_id).first()
    if change is None:
        raise rules.ChangeDecided
    return change


def _refuse_to_approve(change: models.RoleChange, *, by: int, today: date) -> None:
    """What was sound when it was asked must be so still."""
    wanted = frozenset(change.rights_after)
    if change.name:
        rules.sound_role_name(change.name, [role.words for role in queries.roles()])
        offered = queries.role_offered(change.based_on)
        rules.refuse_unsound_rights(offered, wanted, queries.duty_conflicts())
        return
    offered = queries.role_offered(change.role)
    if offered.rights != frozenset(change.rights_before):
        raise rules.RoleMoved
    for person_id in (change.asked_by_id, by):
        _refuse_unsound_change(offered, wanted, by=person_id, today=today)


def _refuse_unsound_change(
    offered: RoleOffered, wanted: frozenset[str], *, by: int, today: date
) -> None:
    rules.refuse_unsound_change(
        offered,
        wanted,
        queries.holders(offered.code),
        queries.duty_conflicts(),
        by=by,
        other_managers=queries.managers_without(offered.code, today=today),
    )


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
