"""The first factor: its code is given out by who manages staff, and shown by whom it is for."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.foundation.sign_in import enrolment, rules
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.sign_in.demands import fresh
from recoup.interfaces.web.sign_in.factors import begin_enrolling, needs_code
from recoup.interfaces.web.sign_in.pages import OWN
from recoup.modules.workforce import queries as workforce

WAYS = ("/account/app", "/account/passkeys/new")
LONGEST_TYPED = 100


@require_http_methods(["GET", "POST"])
@never_cache
def enrol(request: HttpRequest) -> HttpResponse:
    """The code is typed; for a while this session may then set up a first factor."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    way = asked if asked in WAYS else "/account"
    if not needs_code(request):
        return redirect(way)
    if request.method == "GET":
        return render(request, f"{OWN}/enrol.html", {"way": way})
    typed = request.POST.get("code", "")[:LONGEST_TYPED]
    if enrolment.show_code(user_id=actor_id(request), typed=typed, at=timezone.now()):
        begin_enrolling(request)
        messages.success(request, _("The code is right. Now set up your second factor."))
        return redirect(way)
    context = {"way": way, "is_wrong": True, "tries": rules.CODE_TRIES}
    return render(request, f"{OWN}/enrol.html", context, status=422)


@require_GET
@never_cache
@needs(Right.MANAGE_STAFF)
@fresh
def let_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """What can be done for somebody who has no factor yet, lost it, or forgot the password."""
    return _page(request, user_id)


@require_POST
@never_cache
@needs(Right.MANAGE_STAFF)
@fresh
def issue_code(request: HttpRequest, user_id: int) -> HttpResponse:
    """A code for the first factor, shown this once."""
    return _code(request, user_id, enrolment.issue_code)


@require_POST
@never_cache
@needs(Right.MANAGE_STAFF)
@fresh
def reset_factors(request: HttpRequest, user_id: int) -> HttpResponse:
    """Lost factors are forgotten; a code for the next one, shown this once."""
    return _code(request, user_id, enrolment.reset_factors)


@require_POST
@never_cache
@needs(Right.MANAGE_STAFF)
@fresh
def give_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new first password, shown this once."""
    try:
        password = enrolment.give_password(user_id=user_id, actor_id=actor_id(request))
    except Refused as no:
        return _page(request, user_id, refusal=words_of(no), status=422)
    return render(
        request, f"{OWN}/handed_over.html", {"person": _person(user_id), "password": password}
    )


def _code(
    request: HttpRequest, user_id: int, make: Callable[..., enrolment.CodeMade]
) -> HttpResponse:
    try:
        made = make(user_id=user_id, actor_id=actor_id(request), at=timezone.now())
    except Refused as no:
        return _page(request, user_id, refusal=words_of(no), status=422)
    return render(request, f"{OWN}/handed_over.html", {"person": _person(user_id), "code": made})


def _page(
    request: HttpRequest, user_id: int, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "person": _person(user_id),
        "is_oneself": user_id == actor_id(request),
        "code": enrolment.code_of(user_id=user_id, at=timezone.now()),
        "tries": rules.CODE_TRIES,
        "refusal": refusal,
    }
    return render(request, f"{OWN}/let_in.html", context, status=status)


def _person(user_id: int) -> workforce.PersonRow:
    found = workforce.people(user_id=user_id)
    if not found:
        raise Http404
    return found[0]
