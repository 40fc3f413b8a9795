"""The door of the API: no cookies, no large bodies, only JSON out, nothing kept in between."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from recoup.interfaces.api.problems import WORDS, problem

PREFIX = "/api/"
BODY_BYTES = 1024 * 1024
FILES = "/api/v1/intake/batches"
JSON, FORM = "application/json", "multipart/form-data"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Vary": "Authorization, Accept-Language",
}


class ApiDoor:
    """Stands before sessions: a browser's cookie opens nothing behind it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        answer = self._refused(request) or _as_problem(request, self.get_response(request))
        for name, value in HEADERS.items():
            answer[name] = value
        return answer

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        """What is refused before anything of it is read."""
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return problem(request, 403, code="https_needed")
        said = str(request.META.get("CONTENT_LENGTH") or "0")
        if not said.isdecimal():
            return problem(request, 400)
        is_file = request.path == FILES
        if int(said) > BODY_BYTES and not is_file:
            return problem(request, 413)
        expected = FORM if is_file else JSON
        if request.method in {"POST", "PUT", "PATCH"} and request.content_type != expected:
            return problem(request, 415)
        return None


def _as_problem(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """Whatever is refused by something inside that knows pages only is said as a problem."""
    is_ours = str(answer.get("Content-Type", "")).startswith(("application/json", "application/p"))
    if answer.status_code < 400 or is_ours:
        return answer
    status = answer.status_code if answer.status_code in WORDS else 500
    said = problem(request, status)
    if "Allow" in answer:
        said["Allow"] = answer["Allow"]
    return said
