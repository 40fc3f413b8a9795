"""Which language a reader gets: their own setting, else Chinese."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

SPOKEN = tuple(code for code, _ in settings.LANGUAGES)
A_YEAR = 365 * 24 * 3600
COOKIE = "__Host-language" if settings.HTTPS else "language"


class LanguageMiddleware:
    """Activate the signed-in user's language; a visitor's comes from the cookie, else Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") or request.COOKIES.get(COOKIE, "")
        with translation.override(language if language in {"zh-hans", "en"} else "zh-hans"):
            return self.get_response(request)


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Keep a language in the browser, for the pages before signing in."""
    if language in SPOKEN:
        response.set_cookie(
            COOKIE,
            language,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
