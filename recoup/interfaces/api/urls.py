"""Addresses of the API."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from recoup.interfaces.api.api import api


def _open(patterns: list[URLPattern | URLResolver]) -> None:
    """Signing in is for people; here every operation asks for a key itself."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            login_not_required(pattern.callback)
        else:
            _open(pattern.url_patterns)


_patterns, _app, _namespace = api.urls
_open(_patterns)
urlpatterns = [path("", (_patterns, _app, _namespace))]
