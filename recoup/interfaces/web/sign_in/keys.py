"""Keys of service accounts: made, shown once, changed and revoked by the operator."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.foundation.sign_in import queries, rules, services
from recoup.foundation.sign_in.services import KeyMade
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.sign_in import notices
from recoup.interfaces.web.sign_in.demands import fresh
from recoup.interfaces.web.sign_in.pages import OWN
from recoup.modules.workforce import queries as workforce
from recoup.modules.workforce.rules import StaffRole

DAYS = (30, 90, 180, 365)
USUAL_DAYS = 90
GRACE = timedelta(days=7)  # both keys open while a service changes over


@require_GET
@never_cache
@needs(Right.MANAGE_STAFF)
@fresh
def service_keys(request: HttpRequest) -> HttpResponse:
    """Every key, whose it is, what for and until when."""
    return _page(request)


@require_POST
@never_cache
@needs(Right.MANAGE_STAFF)
@fresh
def make(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    asked, now = request.POST, timezone.now()
    user_id = asked.get("user", "")
    if user_id not in {str(person.id) for person in _services()}:
        return _page(request, refusal=_("Choose the service the key is for."), status=422)
    try:
        made = services.make_key(
            user_id=int(user_id),
            name=asked.get("name", ""),
            scopes=rules.scopes_of(asked.getlist("scope")),
            expires_at=now + _lasting(asked.get("days", "")),
            actor_id=actor_id(request),
            at=now,
        )
    except Refused as no:
        return _page(request, refusal=words_of(no), status=422)
    notices.note(Act.KEY_MADE, int(user_id), key=made.id)
    return _shown(request, made)


@require_POST
@never_cache
@needs(Right.MANAGE_STAFF)
@fresh
def rotate(request: HttpRequest, key_id: int) -> HttpResponse:
    """A successor with the same scopes; the old key opens for seven more days."""
    now = timezone.now()
    row = _key(key_id)
    try:
        made = services.rotate_key(
            key_id=key_id,
            old_until=now + GRACE,
            expires_at=now + _lasting(request.POST.get("days", "")),
            actor_id=actor_id(request),
            at=now,
        )
    except Refused as no:
        return _page(request, refusal=words_of(no), status=422)
    notices.note(Act.KEY_ROTATED, row.user_id, key=made.id, before=key_id)
    return _shown(request, made)


@require_POST
@needs(Right.MANAGE_STAFF)
@fresh
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """From now on the key opens nothing."""
    row = _key(key_id)
    services.revoke_key(key_id=key_id, at=timezone.now())
    notices.note(Act.KEY_REVOKED, row.user_id, key=key_id)
    messages.success(request, _("The key is revoked."))
    return redirect("service_keys")


def _key(key_id: int) -> queries.KeyRow:
    found = [row for row in queries.keys(at=timezone.now()) if row.id == key_id]
    if not found:
        raise Http404
    return found[0]


def _services() -> list[workforce.PersonRow]:
    """Users that are services: nobody signs in as one."""
    people = workforce.people()
    return [p for p in people if p.is_active and StaffRole.SERVICE.value in p.roles]


def _lasting(days: str) -> timedelta:
    return timedelta(days=int(days) if days in {str(d) for d in DAYS} else USUAL_DAYS)


def _page(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "keys": queries.keys(at=timezone.now()),
        "services": _services(),
        "rights": list(Right),
        "days": DAYS,
        "usual_days": USUAL_DAYS,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, f"{OWN}/service_keys.html", context, status=status)


def _shown(request: HttpRequest, made: KeyMade) -> HttpResponse:
    return render(request, f"{OWN}/key_made.html", {"key": made.text})
