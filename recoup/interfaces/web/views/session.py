"""Signing in and out, and the language one reads in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from recoup.interfaces.web.people import actor_id, signed_in
from recoup.modules.workforce import queries, services

SPOKEN = tuple(code for code, _ in settings.LANGUAGES)
A_YEAR = 365 * 24 * 3600


class SignIn(LoginView):
    """The sign-in page; the reader's own language follows them to this browser."""

    template_name = "web/session/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if queries.is_paused(_name_typed(request), timezone.now()):
            form = AuthenticationForm(request)
            return render(
                request, self.template_name, {"form": form, "is_paused": True}, status=429
            )
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        services.note_failed_sign_in(username=_name_typed(self.request), at=timezone.now())
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        return _remember(response, signed_in(self.request).language)


def _name_typed(request: HttpRequest) -> str:
    return request.POST.get("username", "").replace("\0", "")[:150].lower()


@login_not_required
@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Keep the language on the user, and in a cookie for the sign-in page."""
    language = request.POST.get("language", "")
    response = redirect(_own_address(request, request.POST.get("next", "")))
    if language not in SPOKEN:
        return response
    if request.user.is_authenticated:
        services.change_language(user_id=actor_id(request), language=language)
    return _remember(response, language)


def _own_address(request: HttpRequest, address: str) -> str:
    """Only our own pages: an open redirect would lend our name to others."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else "/"


def _remember(response: HttpResponse | HttpResponseRedirect, language: str) -> HttpResponse:
    response.set_cookie(
        "language",
        language,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
