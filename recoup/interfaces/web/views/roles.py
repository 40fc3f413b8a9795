"""The operators' page of roles: what each may do, and other rights that two people agree on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.context import NotAllowed, SecondFactorNeeded
from recoup.foundation.access.rights import NEED_SECOND_FACTOR, Right
from recoup.interfaces.web.acting import text_of, tried
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import errors_by_field
from recoup.modules.workforce import queries, rules, services
from recoup.modules.workforce.rules import RoleOffered


@dataclass(frozen=True, slots=True)
class RoleForm:
    """The rights a role shall have, as they were ticked, beside what is wrong with them."""

    rights: frozenset[str]
    name: str = ""
    reason: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


@require_GET
@needs(Right.MANAGE_STAFF)
def roles(request: HttpRequest) -> HttpResponse:
    """Which role has which right, what waits for a second person, which duties are kept apart."""
    held = queries.holders_of_roles()
    context = {
        "roles": [(role, held.get(role.code, 0)) for role in queries.roles()],
        "rights": [right.value for right in Right],
        "strong": {right.value for right in NEED_SECOND_FACTOR},
        "conflicts": _by_right(queries.duty_conflicts()),
        "waiting": queries.role_changes(waiting=True),
        "decided": queries.role_changes(waiting=False),
        "reader": actor_id(request),
        "not_copied": rules.NOT_COPIED,
    }
    return render(request, "web/staff/roles.html", context)


def _by_right(conflicts: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Each right with all it is kept apart from."""
    found = [
        (right.value, [b if a == right else a for a, b in conflicts if right in {a, b}])
        for right in Right
    ]
    return [(right, others) for right, others in found if others]


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def change_role(request: HttpRequest, role: str) -> HttpResponse:
    """Tick the rights a role shall have, and ask for it."""
    offered = _role(role)

    def ask(form: RoleForm) -> None:
        services.ask_role_change(
            role=role,
            rights=form.rights,
            reason=form.reason,
            actor_id=actor_id(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )

    return _form(request, offered, ask, is_new=False)


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_STAFF)
def copy_role(request: HttpRequest, role: str) -> HttpResponse:
    """Ask for a role of the house's own, made from one there is."""
    offered = _role(role)
    if role in rules.NOT_COPIED:
        raise Http404

    def ask(form: RoleForm) -> None:
        services.ask_new_role(
            based_on=role,
            name=form.name,
            rights=form.rights,
            reason=form.reason,
            actor_id=actor_id(request),
            at=timezone.now(),
        )

    return _form(request, offered, ask, is_new=True)


@require_POST
@needs(Right.MANAGE_STAFF)
def decide_role(request: HttpRequest, change_id: int) -> HttpResponse:
    """Approve or refuse what a colleague asked for, or withdraw what one asked for oneself."""
    decision, by, now = text_of(request, "decision"), actor_id(request), timezone.now()
    if decision == "withdraw":
        tried(
            request,
            lambda: services.withdraw_role_change(change_id=change_id, actor_id=by, at=now),
            _("Withdrawn; nothing has changed."),
        )
        return redirect("staff_roles")
    approve = decision == "approve"
    tried(
        request,
        lambda: services.decide_role_change(
            change_id=change_id,
            approve=approve,
            reason=text_of(request, "reason"),
            actor_id=by,
            at=now,
            today=timezone.localdate(),
        ),
        _("Approved: it holds from the next page on.")
        if approve
        else _("Refused; the role stays as it is."),
    )
    return redirect("staff_roles")


def _role(code: str) -> RoleOffered:
    try:
        return queries.role_offered(code)
    except rules.RoleUnknown as no:
        raise Http404 from no


def _form(
    request: HttpRequest,
    offered: RoleOffered,
    ask: Callable[[RoleForm], object],
    *,
    is_new: bool,
) -> HttpResponse:
    form = RoleForm(offered.rights)
    if request.method == "POST":
        form = _typed(request)
        try:
            ask(form)
        except (NotAllowed, SecondFactorNeeded):
            raise
        except Refused as no:
            form = _typed(request, errors_by_field([no]))
        else:
            messages.success(request, _("Asked for. A second person decides; until then it waits."))
            return redirect("staff_roles")
    apart = dict(_by_right(queries.duty_conflicts()))
    context = {
        "role": offered,
        "is_new": is_new,
        "form": form,
        "rights": [(right.value, apart.get(right.value, [])) for right in Right],
        "strong": {right.value for right in NEED_SECOND_FACTOR},
        "holders": queries.holders(offered.code),
    }
    status = 422 if form.errors else 200
    return render(request, "web/staff/role_form.html", context, status=status)


def _typed(request: HttpRequest, errors: dict[str, list[str]] | None = None) -> RoleForm:
    typed = request.POST
    return RoleForm(
        rights=frozenset(typed.getlist("right")),
        name=typed.get("name", "").replace("\0", "")[: rules.LONGEST_ROLE_NAME],
        reason=typed.get("reason", "").replace("\0", "")[: rules.LONGEST_REASON],
        errors=errors or {},
    )
