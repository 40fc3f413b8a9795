"""Which language a reader gets: their own setting, else Chinese."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageMiddleware:
    """Activate the signed-in user's language; a visitor's comes from the cookie, else Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") or request.COOKIES.get("language", "")
        with translation.override(language if language in {"zh-hans", "en"} else "zh-hans"):
            return self.get_response(request)
