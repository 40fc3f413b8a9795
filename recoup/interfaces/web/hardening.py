"""Around every answer: its number, what browsers may do with it; how much is sent and how often."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import loader
from django.utils import timezone

from recoup.foundation.request_log import begin, request_id
from recoup.foundation.throttle import Limit, TooMany, take
from recoup.interfaces.web.sign_in.address import client_address

log = logging.getLogger(__name__)

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(self), "
        "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        "usb=(), xr-spatial-tracking=(), publickey-credentials-get=(self), "
        "publickey-credentials-create=(self)"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
    # Nothing a person sees is kept by a browser or a proxy; files of the kit say otherwise.
    "Cache-Control": "no-store",
}
PLAIN = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
SIGN_OUT = "/logout"

MEGABYTE = 1024 * 1024
BODY_BYTES = 8 * MEGABYTE
# Addresses to which files are sent; each reads them by its own, tighter limit.
FILE_BYTES = {"/intake": 2100 * MEGABYTE, "/api/v1/intake/batches": 2100 * MEGABYTE}


class Hardened:
    """The outermost: what it puts on an answer stands on errors too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = begin()
        answer = _too_large(request) or self.get_response(request)
        answer["X-Request-Id"] = number
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Content-Security-Policy", PLAIN)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        if request.path == SIGN_OUT and request.method == "POST":
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def _too_large(request: HttpRequest) -> HttpResponse | None:
    """Refused before a byte of it is read."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    if said.isdecimal() and int(said) <= FILE_BYTES.get(request.path, BODY_BYTES):
        return None
    return _bilingual("413.html", 413)


def _bilingual(template: str, status: int) -> HttpResponse:
    """A page that needs neither a language nor a reader."""
    page = loader.render_to_string(template, {"number": request_id()})
    answer = HttpResponse(page, status=status)
    answer["Content-Security-Policy"] = f"{PLAIN}; style-src 'self'; form-action 'self'"
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed: the page says so, and the number by which the log tells more."""
    return _bilingual("500.html", 500)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request makes no sense, or names a host that is not ours; it is not repeated."""
    return _bilingual("400.html", 400)


# How often somebody may do what is worth doing by machine. What is looked up goes by person, what
# is tried before anybody is in goes by address: an office shares one, so there is room.
BY_PERSON = {
    "search": Limit("search", per_minute=40, at_once=40),
    "exports": Limit("exports", per_minute=10, at_once=20),
    "fetch_export": Limit("fetch_export", per_minute=10, at_once=10),
    "show_number": Limit("show_number", per_minute=20, at_once=20),
    "show_personal_data": Limit("show_personal_data", per_minute=10, at_once=10),
    "audit": Limit("audit", per_minute=60, at_once=60),
}
BY_ADDRESS = {
    "login": Limit("login", per_minute=120, at_once=200),
    "account_login": Limit("login", per_minute=120, at_once=200),
    "mfa_authenticate": Limit("factor", per_minute=60, at_once=60),
    "mfa_login_webauthn": Limit("factor", per_minute=60, at_once=60),
}


class NotTooOften:
    """Stands where the reader and their language are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Count what is limited; above the limit nothing is done."""
        match = request.resolver_match
        name = match.url_name if match and not match.namespace else None
        try:
            if request.method == "POST" and name in BY_ADDRESS:
                take(BY_ADDRESS[name], str(client_address(request)), at=timezone.now())
            elif name in BY_PERSON and request.user.is_authenticated:
                take(BY_PERSON[name], str(request.user.pk), at=timezone.now())
        except TooMany as no:
            log.warning("limit of %s reached by user %s", name, request.user.pk)
            return _wait(request, no)
        return None


def _wait(request: HttpRequest, no: TooMany) -> HttpResponse:
    page = render(request, "429.html", {"seconds": no.params["seconds"]}, status=429)
    page["Retry-After"] = str(no.params["seconds"])
    return page
