"""The right each page asks for, and what somebody reads who lacks it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, Protocol

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from recoup.foundation.access import context as access
from recoup.foundation.access.context import NotAllowed, SecondFactorNeeded
from recoup.foundation.access.rights import Reach, Right
from recoup.modules.workforce import queries
from recoup.modules.workforce.rules import StaffRole

P = ParamSpec("P")
SECOND_FACTOR = "second_factor"  # the address where one sets up or gives the second factor


class View(Protocol[P]):
    def __call__(
        self, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase: ...


def needs(right: Right) -> Callable[[View[P]], View[P]]:
    """Only for those who have the right; everybody else reads what is missing and whom to ask."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            access.require(right)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def holds(right: Right) -> bool:
    """Whether a page offers what needs the right; it may yet ask for the second factor."""
    held = access.current()
    return bool(held.system) or right in held.rights


def works_cases() -> bool:
    """Whether whoever acts has cases and a worklist of their own: an agency's are its own."""
    return holds(Right.WORK_CASES) and access.current().reach is not Reach.AGENCY


class May:
    """`{% if shell.may.POST_PAYMENTS %}`: pages offer only what one may do."""

    def __getitem__(self, name: str) -> bool:
        return holds(Right(name))


class SayNotAllowed:
    """A right that is missing is said in words, with the roles that have it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, no: Exception) -> HttpResponse | None:
        """Say it as a page, or as a note beside the page that asked by HTMX."""
        if isinstance(no, SecondFactorNeeded):
            return _ask_for_second_factor(request)
        if isinstance(no, NotAllowed):
            return _say(request, "not_allowed", {"right": no.params["right"]})
        return None


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """To the page where it is set up or given; where there is none, say so."""
    try:
        address = reverse(SECOND_FACTOR)
    except NoReverseMatch:
        return _say(request, "second_factor", {})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    back = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"{address}?{urlencode({'next': back})}")


def _say(request: HttpRequest, what: str, context: dict[str, object]) -> HttpResponse:
    if request.headers.get("HX-Request"):
        words = render(request, "web/access/_note.html", context, status=403)
        words["HX-Retarget"], words["HX-Reswap"] = "#toasts", "beforeend"
        return words
    if "right" in context:
        having = queries.roles_with(Right(str(context["right"])))
        context["roles"] = [role.words for role in having if role.code != StaffRole.SERVICE]
    return render(request, f"web/access/{what}.html", context, status=403)
