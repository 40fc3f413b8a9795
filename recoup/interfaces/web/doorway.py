"""Middleware: nobody in without signing in; nothing runs that we did not send."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class SignInFirst(HttpResponseRedirect):
    """Sends HTMX's whole page to the sign-in, not its fragment: status 200, told in a header."""

    status_code = 200

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self["HX-Redirect"] = self["Location"]
        del self["Location"]


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says otherwise; a fragment sends the page there."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        htmx = getattr(request, "htmx", None)
        if htmx:
            back = urlencode({"next": htmx.current_url_abs_path or "/"})
            return SignInFirst(f"{reverse('login')}?{back}")
        return super().handle_no_permission(request, view_func)


class ContentPolicy:
    """Scripts, styles and forms only from ourselves, never inline."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
