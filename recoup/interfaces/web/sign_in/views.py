"""The door's own views: signing out, single sign-on, one's own sessions, everybody's, keys."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_sso_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from requests import RequestException

from recoup.foundation.audit import Act
from recoup.foundation.sign_in import queries, services
from recoup.interfaces.web.people import actor_id, signed_in
from recoup.interfaces.web.sign_in import notices
from recoup.interfaces.web.sign_in.address import client_address, own_address
from recoup.interfaces.web.sign_in.demands import fresh
from recoup.interfaces.web.sign_in.factors import (
    NAME_CHARACTERS,
    factor_row,
    factors_of,
    has_second_factor,
    needs_code,
    sound_name,
)
from recoup.interfaces.web.sign_in.factors import rename_factor as keep_name
from recoup.interfaces.web.sign_in.oidc import Callback, TokenAdapter
from recoup.interfaces.web.sign_in.pages import OWN
from recoup.interfaces.web.sign_in.policy import sign_in_policy

SSO = "sso"


def paused(
    request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """What a paused name sees: the sign-in page again, whether the name exists or not."""
    notices.note(Act.LOCKED_OUT, None, address=client_address(request))
    context = sign_in_policy() | {"is_paused": True, "minutes": _pause_minutes()}
    page = render(request, f"{OWN}/sign_in.html", context, status=429)
    page["Content-Security-Policy"] = context["policy"]
    return page


def _pause_minutes() -> int:
    return int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session, also one that still waits for its second factor."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    else:
        request.session.flush()
    return redirect("login")


@login_not_required
@require_POST
def sso(request: HttpRequest) -> HttpResponse:
    """To the company's own sign-in."""
    if not settings.OIDC_ISSUER:
        raise Http404
    provider = get_sso_adapter().get_provider(request, SSO)
    back = own_address(request, request.POST.get("next", ""))
    try:
        response: HttpResponse = provider.redirect(request, process="login", next_url=back)
    except (OAuth2Error, RequestException) as error:
        response = render_authentication_error(request, provider, exception=error)
    return response


@login_not_required
@require_GET
@never_cache
def sso_callback(request: HttpRequest) -> HttpResponse:
    """Back from it."""
    if not settings.OIDC_ISSUER:
        raise Http404
    response: HttpResponse = Callback.adapter_view(TokenAdapter(request, SSO))(request)
    return response


@login_not_required
@require_GET
def refused(request: HttpRequest) -> HttpResponse:
    """The company's sign-in was broken off, or does not lead in here."""
    return render(request, f"{OWN}/refused.html", status=403)


@require_GET
@never_cache
def own_page(request: HttpRequest) -> HttpResponse:
    """How one signs in, and where one is signed in."""
    user_id = actor_id(request)
    kept = list(Authenticator.objects.filter(user_id=user_id).order_by("created_at"))
    codes = next((a for a in kept if a.type == Authenticator.Type.RECOVERY_CODES), None)
    key = request.session.session_key
    context = {
        "app": next((factor_row(a) for a in kept if a.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor_row(a) for a in kept if a.type == Authenticator.Type.WEBAUTHN],
        "needs_code": not kept and needs_code(request),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "has_password": signed_in(request).has_usable_password(),
        "needs_factor": "needed" in request.GET,
        "has_shown_factor": has_second_factor(request),
        "sessions": queries.open_sessions(at=timezone.now(), user_id=user_id, this_key=key),
    }
    return render(request, f"{OWN}/own_page.html", context)


@require_GET
def factor_needed(request: HttpRequest) -> HttpResponse:
    """Where a page that needs a second factor leads: to show it, or first to set one up."""
    back = urlencode({"next": own_address(request, request.GET.get("next", ""))})
    if not factors_of(actor_id(request)):
        return redirect(f"/account?needed=1&{back}")
    methods = get_adapter().get_reauthentication_methods(request.user)
    return redirect(f"{methods[0]['url']}?{back}")


@require_http_methods(["GET", "POST"])
@never_cache
@fresh
def rename_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """A factor gets the name its owner knows it by."""
    own = Authenticator.objects.filter(user_id=actor_id(request))
    factor = get_object_or_404(own.exclude(type=Authenticator.Type.RECOVERY_CODES), pk=pk)
    name = sound_name(request.POST.get("name", ""))
    if name:
        keep_name(factor, name)
        messages.success(request, _("The name is changed."))
        return redirect("mfa_index")
    is_wrong = request.method == "POST"
    context = {"factor": factor_row(factor), "is_wrong": is_wrong, "most": NAME_CHARACTERS}
    return render(request, f"{OWN}/rename_factor.html", context, status=422 if is_wrong else 200)


@require_POST
def end_own_session(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions."""
    user_id = actor_id(request)
    reference = request.POST.get("session", "")
    if services.end_session(user_id=user_id, reference=reference):
        notices.note(Act.SESSION_ENDED, user_id, sessions=1)
        messages.success(request, _("The session has ended."))
    return redirect("mfa_index")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    user_id = actor_id(request)
    ended = services.end_sessions(user_id=user_id, spare_key=request.session.session_key)
    if ended:
        notices.note(Act.SESSION_ENDED, user_id, sessions=ended)
    messages.success(request, _("Your other sessions have ended."))
    return redirect("mfa_index")


@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Signed out everywhere, here too."""
    user_id = actor_id(request)
    ended = services.end_sessions(user_id=user_id, spare_key=request.session.session_key)
    notices.note(Act.SESSION_ENDED, user_id, sessions=ended)
    get_adapter().logout(request)
    return redirect("login")
