"""Where each address leads."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("recoup.interfaces.api.urls")),
    path("", include("recoup.interfaces.web.urls")),
]
handler400 = "recoup.interfaces.web.hardening.unreadable"
handler500 = "recoup.interfaces.web.hardening.broken"
