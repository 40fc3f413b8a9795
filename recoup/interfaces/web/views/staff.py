"""The operator's page: who works here, in which roles and until when, and how somebody leaves."""

import secrets
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import NEED_SECOND_FACTOR, Right
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.call_form import read_day
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import errors_by_field
from recoup.modules.intake.queries import lenders
from recoup.modules.workforce import queries, services
from recoup.modules.workforce.rules import RoleOffered, StaffRole

FIRST_PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class PersonForm:
    """Somebody to be entered, as it was typed, beside what is wrong with it."""

    username: str = ""
    display_name: str = ""
    employee_number: str = ""
    team: str = ""
    takes_cases: bool = False
    is_service: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GrantForm:
    """A role to be given, as it was typed, beside what is wrong with it."""

    role: str = ""
    lender: str = ""
    agency: str = ""
    expires_on: str = ""
    reason: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


@require_GET
@needs(Right.MANAGE_STAFF)
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody who signs in, and the form for one more."""
    return _list(request, PersonForm())


def _must_have_factor(people: list[queries.PersonRow]) -> set[int]:
    """Those with a right that asks for a second factor."""
    strong = {role.code for role in queries.roles() if role.rights & NEED_SECOND_FACTOR}
    return {person.id for person in people if strong & set(person.roles)}


@require_POST
@never_cache
@needs(Right.MANAGE_STAFF)
def add_person(request: HttpRequest) -> HttpResponse:
    """Enter somebody, with a first password that is shown once; a service gets none."""
    form = _person_typed(request)
    if form.errors:
        return _list(request, form, status=422)
    password = None if form.is_service else secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    try:
        user_id = services.add_person(
            username=form.username,
            password=password,
            display_name=form.display_name,
            employee_number=form.employee_number,
            team_id=_number(form.team),
            takes_cases=form.takes_cases,
        )
    except Refused as no:
        form = _person_typed(request, errors_by_field([no]))
        return _list(request, form, status=422)
    if password is None:
        messages.success(request, _("Entered. Give it its role, then make a key for it."))
        return redirect("person", user_id=user_id)
    return _person(request, user_id, GrantForm(), first_password=password)


@require_GET
@needs(Right.MANAGE_STAFF)
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: their roles, then and now."""
    return _person(request, user_id, GrantForm())


@require_POST
@needs(Right.MANAGE_STAFF)
def give_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a role; a refusal gives the form back as it was typed."""
    errors = dict[str, list[str]]()
    typed = request.POST
    until = typed.get("expires_on", "").strip()
    expires_on = read_day(until, "expires_on", errors) if until else None
    if typed.get("role") not in {role.code for role in queries.roles()}:
        errors["role"] = [_("Choose a role.")]
    if not errors:
        try:
            services.grant(
                user_id=user_id,
                role=typed["role"],
                lender_ids=(_number(typed.get("lender", "")),),
                agency_id=_number(typed.get("agency", "")),
                expires_on=expires_on,
                reason=typed.get("reason", ""),
                actor_id=actor_id(request),
                at=timezone.now(),
                today=timezone.localdate(),
            )
        except Refused as no:
            errors = errors_by_field([no])
        else:
            messages.success(request, _("The role is given, from now on."))
            return redirect("person", user_id=user_id)
    return _person(request, user_id, _grant_typed(request, errors), status=422)


@require_POST
@needs(Right.MANAGE_STAFF)
def end_role(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    """Take a role back, at once."""
    try:
        services.end_grant(grant_id=grant_id, actor_id=actor_id(request), at=timezone.now())
    except Refused as no:
        return _person(request, user_id, GrantForm(errors=errors_by_field([no])), status=422)
    messages.success(request, _("The role has ended."))
    return redirect("person", user_id=user_id)


@require_POST
@needs(Right.MANAGE_STAFF)
def leave(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody leaves: no sign-in and no role from now on."""
    try:
        services.end_employment(user_id=user_id, actor_id=actor_id(request), at=timezone.now())
    except Refused as no:
        return _person(request, user_id, GrantForm(errors=errors_by_field([no])), status=422)
    messages.success(request, _("They cannot sign in any more; every role has ended."))
    return redirect("person", user_id=user_id)


def _list(request: HttpRequest, form: PersonForm, status: int = 200) -> HttpResponse:
    people = queries.people()
    context = {
        "people": people,
        "teams": queries.teams(),
        "must_have_factor": _must_have_factor(people),
        "form": form,
    }
    return render(request, "web/staff/staff.html", context, status=status)


def _person(
    request: HttpRequest,
    user_id: int,
    form: GrantForm,
    *,
    first_password: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.people(user_id=user_id)
    if not found:
        raise Http404
    context = {
        "person": found[0],
        "must_have_factor": _must_have_factor(found),
        "grants": queries.grants(user_id=user_id),
        "roles": _offered(found[0]),
        "lenders": lenders(),
        "agencies": queries.agencies(),
        "form": form,
        "first_password": first_password,
        "is_oneself": user_id == actor_id(request),
        "today": timezone.localdate(),
    }
    return render(request, "web/staff/person.html", context, status=status)


def _offered(person: queries.PersonRow) -> list[RoleOffered]:
    """The roles such a one may be given: the service's to a service, to people all others."""
    return [r for r in queries.roles() if (r.code == StaffRole.SERVICE) is person.is_service]


def _person_typed(request: HttpRequest, errors: dict[str, list[str]] | None = None) -> PersonForm:
    typed = request.POST
    wrong = dict(errors or {})
    for name in ("username", "display_name"):
        if not typed.get(name, "").replace("\0", "").strip():
            wrong[name] = [_("This must be filled in.")]
    return PersonForm(
        typed.get("username", "").replace("\0", "").strip()[:150].lower(),
        typed.get("display_name", "").replace("\0", "").strip()[:100],
        typed.get("employee_number", "").replace("\0", "").strip()[:32],
        typed.get("team", ""),
        "takes_cases" in typed,
        "is_service" in typed,
        wrong,
    )


def _grant_typed(request: HttpRequest, errors: dict[str, list[str]]) -> GrantForm:
    typed = request.POST
    return GrantForm(
        role=typed.get("role", ""),
        lender=typed.get("lender", ""),
        agency=typed.get("agency", ""),
        expires_on=typed.get("expires_on", ""),
        reason=typed.get("reason", ""),
        errors=errors,
    )


def _number(text: str) -> int | None:
    """A number chosen from a list; anything else is as if nothing was chosen."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
