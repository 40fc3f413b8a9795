"""What a session must have shown: that somebody is still there, that they are who they were."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, Protocol

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from recoup.interfaces.web.sign_in.factors import is_fresh

P = ParamSpec("P")
CONFIRM = "account_reauthenticate"


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
        return _to_proof(request)

    return guarded


def _to_proof(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" else _page_before(request)
    if not request.headers.get("HX-Request"):
        return redirect(f"/account/confirm?{urlencode({'next': back})}")
    answer = HttpResponse()
    answer["HX-Redirect"] = f"/account/confirm?{urlencode({'next': back})}"
    return answer


def _page_before(request: HttpRequest) -> str:
    """The page a form stands on, as the browser says; only ever one of ours."""
    before = request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}"
    return before.removeprefix(ours) if before.startswith(f"{ours}/") else "/"


class StaySignedIn:
    """Somebody asks for a page: the session is not idle."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            request.session.touch()  # type: ignore[attr-defined]  # our own store's
        return response
