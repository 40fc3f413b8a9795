"""Letting somebody in who has no second factor, no longer has it, or forgot the password.

Whoever knows a password must not thereby be able to set up the first second factor: that takes a
code, which reaches its owner another way. Whoever gives codes and passwords out is on record.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model

from recoup.foundation import audit, db
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.foundation.sign_in import models, resets, rules

FIRST_PASSWORD_BYTES = 12  # 16 letters
_BY = ("made_by__display_name", "made_by__username")


@dataclass(frozen=True, slots=True)
class CodeMade:
    """A new enrolment code. Its text is shown once and kept nowhere."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that was given out and not shown yet, without the code."""

    made_at: datetime
    made_by: str
    expires_at: datetime
    wrong_tries: int
    is_open: bool


@db.use_case()
def issue_code(*, user_id: int, actor_id: int | None, at: datetime) -> CodeMade:
    """Make a code for somebody without a second factor; an earlier one opens nothing any more.

    Raises EnrolmentForOneself, EnrolmentForNobody, FactorKnown.
    """
    _lock(user_id, actor_id)
    if _factors(user_id):
        raise rules.FactorKnown
    return _issue(user_id, actor_id, at)


@db.use_case()
def reset_factors(*, user_id: int, actor_id: int | None, at: datetime) -> CodeMade:
    """Forget somebody's lost factors and recovery codes, end their sessions, make a code.

    Raises EnrolmentForOneself, EnrolmentForNobody.
    """
    _lock(user_id, actor_id)
    forgotten = resets.forget_factors(user_id)
    ended = models.Session.objects.filter(user_id=user_id).delete()[0]
    facts = {"factors": forgotten, "sessions": ended}
    audit.record(Act.FACTOR_RESET, "user", user_id, facts=facts)
    return _issue(user_id, actor_id, at)


@db.use_case()
def give_password(*, user_id: int, actor_id: int | None) -> str:
    """A new first password for who forgot theirs; shown once, changed by them at the next sign-in.

    Their sessions end, their factors stay. Raises EnrolmentForOneself, EnrolmentForNobody.
    """
    person = _lock(user_id, actor_id)
    password = secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    person.set_password(password)
    person.save(update_fields=["password"])
    note_first_password(user_id=user_id)
    ended = models.Session.objects.filter(user_id=user_id).delete()[0]
    facts = {"what": "first password", "sessions": ended}
    audit.record(Act.PASSWORD_CHANGED, "user", user_id, facts=facts)
    return password


@db.use_case()
def show_code(*, user_id: int, typed: str, at: datetime) -> bool:
    """Whether this is the code somebody was given. It opens once; every wrong try is counted."""
    code = models.EnrolmentCode.objects.select_for_update().filter(user_id=user_id).first()
    if code is None or not _is_open(code, at):
        audit.record(Act.ENROLMENT_REFUSED, "user", user_id, facts={"open": False})
        return False
    if rules.is_same(code.digest, rules.bare_code(typed)):
        code.delete()
        audit.record(Act.ENROLMENT_SHOWN, "user", user_id)
        return True
    code.wrong_tries += 1
    code.save(update_fields=["wrong_tries"])
    audit.record(Act.ENROLMENT_REFUSED, "user", user_id, facts={"tries": code.wrong_tries})
    return False


def code_of(*, user_id: int, at: datetime) -> CodeRow | None:
    """The code somebody was given, if it was not shown yet."""
    # Named one by one: a person's row is not read whole, its password is shown to nobody.
    facts = ("made_at", "expires_at", "wrong_tries", *_BY)
    code = models.EnrolmentCode.objects.filter(user_id=user_id).values(*facts).first()
    if code is None:
        return None
    name, username = (code.pop(by) or "" for by in _BY)
    ends, tries = code["expires_at"], code["wrong_tries"]
    is_open = rules.is_code_open(expires_at=ends, wrong_tries=tries, at=at)
    return CodeRow(**code, made_by=name or username, is_open=is_open)


def note_first_password(*, user_id: int) -> None:
    """Somebody else set this password: in the transaction that is open."""
    models.FirstPassword.objects.filter(user_id=user_id).delete()
    models.FirstPassword.objects.create(user_id=user_id)


def first_password_ends_at(*, user_id: int) -> datetime | None:
    """Until when the password that another set for somebody opens; None if it is their own."""
    found = models.FirstPassword.objects.filter(user_id=user_id).values_list("set_at", flat=True)
    set_at = found.first()
    return set_at + rules.FIRST_PASSWORD_LASTS if set_at else None


@db.use_case()
def note_own_password(*, user_id: int) -> None:
    """Somebody chose a password of their own."""
    models.FirstPassword.objects.filter(user_id=user_id).delete()


def _lock(user_id: int, actor_id: int | None) -> Any:
    """The person, for the length of the transaction; asks for the right to let somebody in."""
    access.require(Right.MANAGE_STAFF)
    if user_id == actor_id:
        raise rules.EnrolmentForOneself
    people = get_user_model()._default_manager
    person = people.select_for_update().filter(id=user_id, is_active=True).first()
    if person is None or person.is_service:  # keys alone open a service
        raise rules.EnrolmentForNobody
    return person


def _factors(user_id: int) -> bool:
    return bool(Authenticator.objects.filter(user_id=user_id).exists())


def _issue(user_id: int, actor_id: int | None, at: datetime) -> CodeMade:
    models.EnrolmentCode.objects.filter(user_id=user_id).delete()
    made = CodeMade(rules.new_code(), at + rules.CODE_LASTS)
    models.EnrolmentCode.objects.create(
        user_id=user_id,
        digest=rules.digest(rules.bare_code(made.text)),
        made_at=at,
        made_by_id=actor_id,
        expires_at=made.expires_at,
    )
    facts = {"until": made.expires_at.isoformat()}
    audit.record(Act.ENROLMENT_MADE, "user", user_id, facts=facts)
    return made


def _is_open(code: models.EnrolmentCode, at: datetime) -> bool:
    return rules.is_code_open(expires_at=code.expires_at, wrong_tries=code.wrong_tries, at=at)
