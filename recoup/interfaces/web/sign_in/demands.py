"""What a session must have shown: who somebody is, a password of their own, that they are there."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, Protocol

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from recoup.interfaces.web.sign_in.factors import is_fresh
from recoup.interfaces.web.sign_in.store import FIRST_PASSWORD

P = ParamSpec("P")
OPEN_WITH_FIRST_PASSWORD = {"account_change_password", "logout", "language", "watermark"}


class View(Protocol[P]):
    def __call__(
        self, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase: ...


def fresh(view: View[P]) -> View[P]:
    """Only for who proved who they are within the last minutes (ASVS 5.0 V7.5.3).

    A page leads to the proof and back; what was posted is not kept and posted again by itself.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return _first_to("/account/confirm", request)

    return guarded


def _first_to(address: str, request: HttpRequest) -> HttpResponse:
    """To another page of ours, and then back to this one, or to the one its form stands on."""
    is_fragment = bool(request.headers.get("HX-Request"))
    is_page = request.method == "GET" and not is_fragment
    back = request.get_full_path() if is_page else _page_before(request)
    there = f"{address}?{urlencode({'next': back})}"
    return HttpResponse(headers={"HX-Redirect": there}) if is_fragment else redirect(there)


def _page_before(request: HttpRequest) -> str:
    """The page a form stands on, as the browser says; only ever one of ours."""
    before = request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}"
    return before.removeprefix(ours) if before.startswith(f"{ours}/") else "/"


class OwnPasswordFirst:
    """Whoever was given their password chooses one of their own, and does nothing before that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """To the page where it is chosen."""
        match = request.resolver_match
        is_open = match is not None and match.url_name in OPEN_WITH_FIRST_PASSWORD
        if is_open or not request.user.is_authenticated or FIRST_PASSWORD not in request.session:
            return None
        return _first_to("/account/password", request)


class StaySignedIn:
    """Somebody asks for a page: the session is not idle."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            request.session.touch()  # type: ignore[attr-defined]  # our own store's
        return response
