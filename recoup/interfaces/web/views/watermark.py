"""Who looks at the screen, faintly over all of it: a photograph of it says whose screen it was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from recoup.interfaces.web.people import name_on_screen, signed_in

KEPT_SECONDS = 300
# Black over light pages, white over dark ones, so faint that every text keeps its contrast.
INK_ON_LIGHT, INK_ON_DARK, STRENGTH = "#000000", "#ffffff", "0.07"


@require_GET
def watermark(request: HttpRequest) -> HttpResponse:
    """Name, employee number and time as a picture that repeats itself; it runs nothing.

    The address changes with person and minute, so that a browser shared by two never shows the
    other's.
    """
    user = signed_in(request)
    context = {
        "name": name_on_screen(request),
        "number": user.employee_number or user.username,
        "ink": INK_ON_DARK if request.GET.get("on") == "dark" else INK_ON_LIGHT,
        "strength": STRENGTH,
        "at": f"{timezone.localtime():%Y-%m-%d %H:%M}",
    }
    response = render(request, "web/watermark.svg", context, content_type="image/svg+xml")
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["Vary"] = "Cookie"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
