"""Which language a caller's refusals are in: what it asks for, else Chinese."""

from django.http import HttpRequest
from django.utils.translation import trans_real

CHINESE, ENGLISH = "zh-hans", "en"


def language_of(request: HttpRequest) -> str:
    """The first of Accept-Language that we speak."""
    asked = str(request.META.get("HTTP_ACCEPT_LANGUAGE") or "")
    for code, _ in trans_real.parse_accept_lang_header(asked.lower()):
        if code.startswith("zh"):
            return CHINESE
        if code.startswith("en"):
            return ENGLISH
    return CHINESE
